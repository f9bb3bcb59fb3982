import type { Agent } from "../../lib/adapter/Agent.ts";
import type { HookQueues } from "../../lib/queues/sessionEndQueues.ts";
import { createServices } from "../../lib/services/createServices.ts";
import type { Services } from "../../lib/services/Services.ts";
import { WORK_URL } from "./acceptingProvider.ts";
import type { ModelQueue } from "./aws/ModelQueue.ts";
import { queueClient, tableClient } from "./clients.ts";
import { PROVIDER_URL, SIGNING_SECRET } from "./configOf.ts";
import type { Gateway } from "./Gateway.ts";
import type { Invocation } from "./Invocation.ts";
import { pickyPlatform } from "./pickyPlatform.ts";
import type { Random } from "./Random.ts";
import type { Scale } from "./Scale.ts";
import type { Scenario } from "./Scenario.ts";

/** The least and the most that the platform takes for an answer, milliseconds. */
const REPLY = [5, 200] as const;

/** What stands before a queue's name in its address. */
const URL_BASE = "https://sqs.test/000000000000/";

const isProviders = (url: string) => url === PROVIDER_URL || url.startsWith(WORK_URL);

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** The services and queues as an invocation sees them. */
export class InvocationServices {
  private readonly gateway: Gateway;
  private readonly random: Random;
  private readonly scenario: Scenario;
  private readonly scale: Scale;
  private ids = 0;

  constructor(gateway: Gateway, random: Random, scenario: Scenario, scale: Scale) {
    this.gateway = gateway;
    this.random = random;
    this.scenario = scenario;
    this.scale = scale;
  }

  /** The queues for hooks as an invocation sees them: one for each provider that is configured now. */
  hookQueues(invocation: Invocation): HookQueues {
    const found = (name: string, queue: ModelQueue) => ({
      client: queueClient(queue, invocation),
      url: `${URL_BASE}${name}`,
    });
    const live = [...this.gateway.queues.sessionEnd].filter(([provider]) =>
      Object.hasOwn(this.gateway.config.memory, provider),
    );
    return {
      sessionEnd: new Map(live.map(([provider, queue]) => [provider, found(provider, queue)])),
      dlq: found("dead", this.gateway.queues.sessionEndDead),
    };
  }

  /** What its code is built of. */
  services(invocation: Invocation): Services {
    const services = createServices({
      config: this.gateway.config,
      clock: invocation.clock,
      log: QUIET,
      metrics: { put: () => {} },
      table: { client: tableClient(this.gateway.table, invocation), name: "table" },
      http: invocation.http(
        (request) => (isProviders(request.url) ? this.gateway.provider : this.gateway.replies).serve(request),
        ({ url, body }) => {
          if (isProviders(url) && body !== undefined) this.gateway.onProviderCall(body);
          return this.random.whole(...(isProviders(url) ? this.scale.provider : REPLY));
        },
      ),
      // Nothing here is worth hiding, and hiding it would take a sixth of the time.
      secrets: { get: async () => SIGNING_SECRET, redact: (text) => text, redactingClient: (client) => client },
    });
    const agent: Agent = { reply: (input) => this.gateway.agent.answer(invocation, input) };
    return {
      ...services,
      newId: () => this.newId(invocation),
      random: () => this.random.next(),
      agent: () => agent,
      platform: (name) => {
        const platform = services.platform(name);
        return platform && pickyPlatform(platform, this.scenario.chunk);
      },
    };
  }

  /** Sorted by time, as an ULID is, and as little by anything else. */
  private newId(invocation: Invocation): string {
    const time = Math.max(0, invocation.clock.now()).toString(36).padStart(9, "0");
    return `${time}${this.random.whole(1000, 9999)}${(this.ids++).toString(36)}`;
  }
}

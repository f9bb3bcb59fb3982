import { wiring } from "../../../cdk/wiring.ts";
import { createHandler as createExpiry } from "../../../functions/expiry.ts";
import { createHandler as createSessionEnd } from "../../../functions/session-end.ts";
import type { Config } from "../../../lib/config/Config.ts";
import { defineConfig } from "../../../lib/config/defineConfig.ts";
import { HeldVisits } from "../../../lib/expiry/HeldVisits.ts";
import { secret } from "../../../lib/index.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import type { SessionEndQueues } from "../../../lib/queues/sessionEndQueues.ts";
import { createServices } from "../../../lib/services/createServices.ts";
import type { Services } from "../../../lib/services/Services.ts";
import { ModelQueue } from "../../simulation/aws/ModelQueue.ts";
import { ModelTable } from "../../simulation/aws/ModelTable.ts";
import { queueClient, tableClient } from "../../simulation/clients.ts";
import { SIGNING_SECRET } from "../../simulation/configOf.ts";
import { Faults } from "../../simulation/Faults.ts";
import type { Invocation, Surroundings } from "../../simulation/Invocation.ts";
import { lambda, type Run } from "../../simulation/lambda.ts";
import { QueueSource } from "../../simulation/QueueSource.ts";
import { Random } from "../../simulation/Random.ts";
import { ScheduleSource } from "../../simulation/ScheduleSource.ts";
import type { Timeline } from "../../simulation/Timeline.ts";
import type { Design } from "./Design.ts";
import { withoutBreakers } from "./withoutBreakers.ts";

/** Deliveries at once of a queue: the stack's default. */
const CONCURRENCY = 50;

/** What a provider that is well takes for an answer, milliseconds. */
const ANSWER = 100;

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** What stands before a queue's name in its ARN, and in its address. */
const ARN = "arn:aws:sqs:us-east-1:000000000000:";

const URL_BASE = "https://sqs.test/000000000000/";

/** The session-end function and the sweep on the simulation's model of AWS, with a provider that hangs and a quick one. */
export class Stage {
  readonly table: ModelTable;
  /** Whether the provider `dead` answers nothing; it is given up after 30 s. */
  isDown = true;
  private readonly design: Design;
  private readonly queues = new Map<string, ModelQueue>();
  private readonly dead: ModelQueue;
  private readonly surroundings: Surroundings;
  private readonly config: Config = defineConfig({
    platforms: { http: http({ secret: secret("HTTP_SECRET"), replyUrl: "https://chat.test/replies" }) },
    memory: {
      dead: webhook({ url: "https://dead.test/", secret: secret("DEAD_SECRET") }),
      quick: webhook({ url: "https://quick.test/", secret: secret("QUICK_SECRET") }),
    },
    hooks: { timeout: "30s" },
  });

  constructor(design: Design, timeline: Timeline) {
    this.design = design;
    this.surroundings = {
      ...{ timeline, faults: new Faults("isolation", {}, new Set()), random: new Random("isolation"), callCpu: 0 },
      ...{ isTableDown: () => false, onCall: () => {} },
    };
    this.table = new ModelTable(
      { indexLag: () => 100, staleRead: () => false, leavesOut: () => false, pageSize: 6_000 },
      (milliseconds, run) => timeline.after(milliseconds, run),
    );
    this.dead = this.createQueue();
    for (const name of design.ownQueues ? ["dead", "quick"] : ["all"]) this.queues.set(name, this.createQueue());
    for (const queue of this.queues.values()) this.work(queue);
    new ScheduleSource(this.surroundings, this.table.index, this.config.retention, (event) =>
      this.run(
        event.type,
        wiring.timeouts.expiry,
        () => {},
        (invocation, context) =>
          createExpiry(() => ({
            services: this.services(invocation),
            queues: {
              sessionEnd: this.sessionEndQueues(invocation),
              // No session falls due here.
              visits: { client: queueClient(this.dead, invocation), url: `${URL_BASE}visits` },
            },
            held: new HeldVisits(),
          }))(event, context),
      ),
    );
  }

  queueOf(provider: string): ModelQueue {
    const queue = this.queues.get(this.design.ownQueues ? provider : "all");
    if (!queue) throw new Error(`no queue of ${provider}`);
    return queue;
  }

  private createQueue(): ModelQueue {
    const { random, timeline } = this.surroundings;
    const chooses = (count: number) => random.whole(0, count - 1);
    const behaviour = { duplicates: () => false, refuses: () => false, chooses, isFair: true };
    const { visibilityTimeout, retention } = wiring.sessionEnd;
    return new ModelQueue({ fifo: false, visibilityTimeout, retention }, behaviour, () => timeline.now);
  }

  private work(queue: ModelQueue): void {
    new QueueSource({ queue, arn: ARN + this.nameOf(queue) }, this.surroundings, CONCURRENCY, (event, done) =>
      this.run("session-end", wiring.timeouts.sessionEnd, done, (invocation, context) =>
        createSessionEnd(() => ({
          services: this.services(invocation),
          queues: {
            sessionEnd: this.sessionEndQueues(invocation),
            dlq: { client: queueClient(this.dead, invocation), url: `${URL_BASE}dead-letters` },
          },
        }))(event, context),
      ),
    );
  }

  private sessionEndQueues(invocation: Invocation): SessionEndQueues {
    return new Map(
      Object.keys(this.config.memory).map((provider) => {
        const queue = this.queueOf(provider);
        return [provider, { client: queueClient(queue, invocation), url: URL_BASE + this.nameOf(queue) }];
      }),
    );
  }

  private nameOf(queue: ModelQueue): string {
    return [...this.queues].find(([, one]) => one === queue)?.[0] ?? "";
  }

  private run<Result>(name: string, timeout: number, done: Run<Result>["done"], work: Run<Result>["work"]): void {
    lambda(this.surroundings, { name, timeout, skew: 0, work, done });
  }

  private services(invocation: Invocation): Services {
    const client = tableClient(this.table, invocation);
    return createServices({
      ...{ config: this.config, clock: invocation.clock, log: QUIET, metrics: { put: () => {} } },
      table: { client: this.design.breaker ? client : withoutBreakers(client), name: "table" },
      http: invocation.http(
        ({ url }) => (url.includes("dead.") && this.isDown ? "silence" : { status: 200, headers: {}, text: "" }),
        () => ANSWER,
      ),
      secrets: { get: async () => SIGNING_SECRET, redact: (text) => text, redactingClient: (given) => given },
    });
  }
}

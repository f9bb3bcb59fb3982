import { wiring } from "../../cdk/wiring.ts";
import { createHandler as createExpiry } from "../../functions/expiry.ts";
import { createHandler as createMessage } from "../../functions/message.ts";
import { createHandler as createSessionEnd } from "../../functions/session-end.ts";
import { createHandler as createWebhook } from "../../functions/webhook.ts";
import type { Config } from "../../lib/config/Config.ts";
import type { SessionPolicy } from "../../lib/domain/SessionPolicy.ts";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import type { HookQueues } from "../../lib/queues/sessionEndQueues.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import type { Queue, Services } from "../../lib/services/Services.ts";
import type { ModelTable } from "./aws/ModelTable.ts";
import { queueClient } from "./clients.ts";
import { configOf } from "./configOf.ts";
import { createQueues, type Queues } from "./createQueues.ts";
import { createTable, expireInTime } from "./createTable.ts";
import { Faults } from "./Faults.ts";
import { Invocation, type Surroundings } from "./Invocation.ts";
import { InvocationServices } from "./InvocationServices.ts";
import { lambda, type Run } from "./lambda.ts";
import { PlayedAgent } from "./PlayedAgent.ts";
import { type Ended, QueueSource } from "./QueueSource.ts";
import { Random } from "./Random.ts";
import type { Scale } from "./Scale.ts";
import type { Scenario } from "./Scenario.ts";
import { ScheduleSource } from "./ScheduleSource.ts";
import { SignedServer } from "./SignedServer.ts";
import { StreamSource } from "./StreamSource.ts";
import type { Timeline } from "./Timeline.ts";
import { webhookEvent } from "./webhookEvent.ts";

/** Enough for two of anything, and for waiting behind them. */
const SMALL: Scale = { concurrency: { message: 4, sessionEnd: 4 }, callCpu: 0, provider: [5, 200] };

/** The queues as an operator's tool reaches them. */
interface OperatorQueues extends HookQueues {
  readonly inbound: Queue;
}

/** What stands before a queue's name in its ARN. */
const ARN = "arn:aws:sqs:us-east-1:000000000000:";

/** The gateway's own code in surroundings that promise no more than AWS does. */
export class Gateway {
  readonly table: ModelTable;
  readonly queues: Queues;
  /** What was on queues that a deployment deleted. */
  readonly deleted: string[] = [];
  readonly provider: SignedServer;
  readonly replies: SignedServer;
  readonly agent: PlayedAgent;
  readonly faults: Faults;
  readonly sources: {
    readonly message: QueueSource;
    readonly sessionEnd: Pick<QueueSource, "pause">;
    readonly stream: StreamSource;
    readonly schedules: ScheduleSource;
  };
  /** The config that the next invocation has. */
  config: Config;
  isTableDown = false;
  /** Hears of each call that leaves a function, by the function's name and its own: `expiry`, `QueryCommand`. */
  onCall: (by: string, what: string) => void = () => {};
  /** Hears of each call of the provider when it leaves. */
  onProviderCall: (body: string) => void = () => {};
  private readonly configs: readonly Config[];
  private readonly held: Config[] = [];
  /** What the processes of the expiry function remember. */
  private readonly processes = [new HeldVisits(), new HeldVisits()];
  private readonly surroundings: Surroundings;
  private readonly random: Random;
  private readonly scenario: Scenario;
  private readonly scale: Scale;
  private readonly parts: InvocationServices;

  constructor(scenario: Scenario, timeline: Timeline, scale: Scale = SMALL) {
    this.scenario = scenario;
    this.scale = scale;
    this.random = new Random(`play/${scenario.seed}`);
    this.faults = new Faults(scenario.seed, scenario.rates, new Set(scenario.without));
    this.configs = scenario.variants.map(configOf);
    this.config = this.configs[0] ?? configOf(scenario.variants[0]);
    this.held.push(this.config);
    const { faults, random } = this;
    this.surroundings = {
      timeline,
      faults,
      random,
      callCpu: scale.callCpu,
      isTableDown: () => this.isTableDown,
      onCall: (by, what) => this.onCall(by, what),
    };
    this.agent = new PlayedAgent(this.surroundings, scenario);
    this.table = createTable(timeline, faults, random, scenario.pageSize);
    const providers = this.configs.flatMap(({ memory }) => Object.keys(memory));
    this.queues = createQueues(timeline, faults, random, new Set(providers));
    const now = () => timeline.now;
    this.provider = new SignedServer(faults, "provider", now);
    this.replies = new SignedServer(faults, "platform", now);
    this.parts = new InvocationServices(this, random, scenario, scale);
    this.sources = this.createSources();
    this.table.onChange((change) => this.sources.stream.take(change));
    expireInTime(this.table, timeline, random, scenario.ttl);
  }

  /** Whether `crm` has been two adapters so far: one that accepts sessions, and one that stores them at once. */
  get isChanged(): boolean {
    return new Set(this.held.flatMap(({ memory }) => memory.crm?.kind ?? [])).size > 1;
  }

  /** The session policies that have held so far. */
  get policies(): readonly SessionPolicy[] {
    return this.held.map(({ sessions }) => sessions.policy);
  }

  /** The functions have that config from now on; the queues of providers that are none any more are deleted. */
  deploy(variant: number): void {
    this.config = this.configs[variant] ?? this.config;
    this.held.push(this.config);
    for (const [provider, queue] of this.queues.sessionEnd) {
      if (Object.hasOwn(this.config.memory, provider)) continue;
      this.deleted.push(...queue.bodies());
      queue.deleteQueue();
    }
  }

  /** An operator moves the DLQ messages to one of the session-end queues, with the queue's own tool. */
  moveDlq(): void {
    const queues = [...this.queues.sessionEnd].filter(([provider]) => Object.hasOwn(this.config.memory, provider));
    const [, queue] = queues[queues.length > 1 ? this.random.whole(0, queues.length - 1) : 0] ?? [];
    if (queue) this.queues.sessionEndDead.moveTo(queue);
  }

  /** The platform calls with a message; `done` hears the status of the answer, undefined when there was none. */
  call(body: string, messageId: string, done: (status: number | undefined) => void): void {
    const heard = (ended: Ended<number | undefined>) => done(ended?.result);
    this.run("webhook", wiring.timeouts.webhook, heard, async (invocation, context) => {
      const event = webhookEvent("http", body, messageId, this.surroundings.timeline.now);
      const handler = createWebhook(() => ({
        services: this.parts.services(invocation),
        inbound: sqsBatch({ client: queueClient(this.queues.inbound, invocation), url: "inbound" }),
      }));
      return (await handler(event, context)).statusCode;
    });
  }

  /** An operator's tool at work, from a machine of theirs. */
  async operate(work: (services: Services, queues: OperatorQueues) => Promise<unknown>): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    const invocation = new Invocation("operator", 0, this.surroundings, "operatorStops", stopped.resolve);
    const queues = {
      inbound: { client: queueClient(this.queues.inbound, invocation), url: "inbound" },
      ...this.parts.hookQueues(invocation),
    };
    this.surroundings.timeline.wake();
    // An operator sees the error and calls again, or does not.
    await Promise.race([work(this.parts.services(invocation), queues).catch(() => {}), stopped.promise]);
  }

  private createSources() {
    const { surroundings, queues } = this;
    const { concurrency } = this.scale;
    const { timeouts, stream, visits } = wiring;
    const visit = { queue: queues.visits, arn: `${ARN}visits` };
    new QueueSource(visit, surroundings, visits.batchesASweep, (event, done) =>
      this.run("expiry", timeouts.expiry, done, async (invocation, context) => {
        await this.expiry(invocation)(event, context);
        return { batchItemFailures: [] };
      }),
    );
    const sessionEnd = Array.from(
      queues.sessionEnd,
      ([provider, queue]) =>
        new QueueSource({ queue, arn: `${ARN}${provider}` }, surroundings, concurrency.sessionEnd, (event, done) =>
          this.run("session-end", timeouts.sessionEnd, done, (invocation, context) =>
            createSessionEnd(() => ({
              services: this.parts.services(invocation),
              queues: this.parts.hookQueues(invocation),
            }))(event, context),
          ),
        ),
    );
    return {
      message: new QueueSource(
        { queue: queues.inbound, arn: `${ARN}inbound` },
        surroundings,
        concurrency.message,
        (event, done) =>
          this.run("message", timeouts.message, done, (invocation, context) =>
            createMessage(() => ({
              services: this.parts.services(invocation),
              inbound: { client: queueClient(queues.inbound, invocation), url: "inbound" },
            }))(event, context),
          ),
      ),
      sessionEnd: {
        pause: (paused: boolean) => {
          for (const source of sessionEnd) source.pause(paused);
        },
      },
      stream: new StreamSource(surroundings, stream, (event, done) =>
        this.run("expiry", timeouts.expiry, done, (invocation, context) => this.expiry(invocation)(event, context)),
      ),
      schedules: new ScheduleSource(surroundings, this.table.index, this.config.retention, (event) =>
        this.run(
          event.type,
          timeouts.expiry,
          () => {},
          (invocation, context) => this.expiry(invocation)(event, context),
        ),
      ),
    };
  }

  private expiry(invocation: Invocation) {
    const { sessionEnd } = this.parts.hookQueues(invocation);
    const visits = { client: queueClient(this.queues.visits, invocation), url: "visits" };
    // One of the processes that are there, or one that has just begun.
    const held = this.processes[this.random.whole(0, this.processes.length)] ?? new HeldVisits();
    return createExpiry(() => ({ services: this.parts.services(invocation), queues: { sessionEnd, visits }, held }));
  }

  private run<Result>(name: string, timeout: number, done: Run<Result>["done"], work: Run<Result>["work"]): void {
    const skew = this.random.whole(-this.scenario.skew, this.scenario.skew);
    lambda(this.surroundings, { name, timeout, skew, work, done });
  }

  /** The most characters of a reply's chunk. */
  get chunk(): number {
    return this.scenario.chunk;
  }
}

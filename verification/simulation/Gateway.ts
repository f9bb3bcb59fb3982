import { wiring } from "../../cdk/wiring.ts";
import { createHandler as createExpiry } from "../../functions/expiry.ts";
import { createHandler as createMessage } from "../../functions/message.ts";
import { createHandler as createSessionEnd } from "../../functions/session-end.ts";
import { createHandler as createWebhook } from "../../functions/webhook.ts";
import type { Agent, AgentInput } from "../../lib/adapter/Agent.ts";
import type { Config } from "../../lib/config/Config.ts";
import type { SessionPolicy } from "../../lib/domain/SessionPolicy.ts";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import type { HookQueues } from "../../lib/queues/sessionEndQueues.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { createServices } from "../../lib/services/createServices.ts";
import type { Queue, Services } from "../../lib/services/Services.ts";
import { WORK_URL } from "./acceptingProvider.ts";
import { type AgentFailure, agentError, agentFailure } from "./agentError.ts";
import { ModelQueue } from "./aws/ModelQueue.ts";
import { ModelTable } from "./aws/ModelTable.ts";
import { queueClient, tableClient } from "./clients.ts";
import { configOf, PROVIDER_URL, SIGNING_SECRET } from "./configOf.ts";
import { Faults } from "./Faults.ts";
import { Invocation, type Surroundings } from "./Invocation.ts";
import { lambda, type Run } from "./lambda.ts";
import { pickyPlatform } from "./pickyPlatform.ts";
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

/** The least and the most that the platform takes for an answer, milliseconds. */
const REPLY = [5, 200] as const;

/** The queues as an operator's tool reaches them. */
interface OperatorQueues extends HookQueues {
  readonly inbound: Queue;
}

/** What stands before a queue's name in its ARN, and in its address. */
const ARN = "arn:aws:sqs:us-east-1:000000000000:";

const URL_BASE = "https://sqs.test/000000000000/";

const isProviders = (url: string) => url === PROVIDER_URL || url.startsWith(WORK_URL);

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** The gateway's own code in surroundings that promise no more than AWS does. */
export class Gateway {
  readonly table: ModelTable;
  readonly queues: Readonly<Record<"inbound" | "inboundDead" | "sessionEndDead" | "visits", ModelQueue>> & {
    /** By provider: those that any of the scenario's configs has. */
    readonly sessionEnd: ReadonlyMap<string, ModelQueue>;
  };
  /** What was on queues that a deployment deleted. */
  readonly deleted: string[] = [];
  readonly provider: SignedServer;
  readonly replies: SignedServer;
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
  /** Hears when the agent is asked while it still answers another message of the same session. */
  onBesides: (session: string) => void = () => {};
  /** Hears of each call of the provider when it leaves. */
  onProviderCall: (body: string) => void = () => {};
  /** Hears what the agent is asked with. */
  onMemories: (input: AgentInput) => void = () => {};
  /** How the agent failed, by delivery; not when it took too long. */
  readonly agentFailures = new Map<string, AgentFailure[]>();
  private readonly answering = new Map<string, Invocation>();
  private readonly configs: readonly Config[];
  private readonly held: Config[] = [];
  /** What the processes of the expiry function remember. */
  private readonly processes = [new HeldVisits(), new HeldVisits()];
  private readonly surroundings: Surroundings;
  private readonly random: Random;
  private readonly scenario: Scenario;
  private readonly scale: Scale;
  private ids = 0;

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
    this.table = new ModelTable(
      {
        indexLag: () =>
          faults.happens("indexLate")
            ? faults.degree("indexLate") * 60_000
            : random.chance(0.5)
              ? 0
              : random.whole(1, 900),
        staleRead: () => faults.happens("staleRead"),
        leavesOut: () => faults.happens("leftOut"),
        pageSize: scenario.pageSize,
      },
      (milliseconds, run) => timeline.after(milliseconds, run),
    );
    this.queues = this.createQueues(timeline);
    const now = () => timeline.now;
    this.provider = new SignedServer(faults, "provider", now);
    this.replies = new SignedServer(faults, "platform", now);
    this.sources = this.createSources();
    this.table.onChange((change) => this.sources.stream.take(change));
    this.table.onChange(({ pk, sk, after }) => this.expireLater(timeline, pk, sk, after?.expiresAt));
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
        services: this.services(invocation),
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
      ...this.hookQueues(invocation),
    };
    this.surroundings.timeline.wake();
    // An operator sees the error and calls again, or does not.
    await Promise.race([work(this.services(invocation), queues).catch(() => {}), stopped.promise]);
  }

  private createQueues(timeline: Timeline) {
    const behaviour = {
      duplicates: () => this.faults.happens("queuedTwice"),
      refuses: () => this.faults.happens("entryRefused"),
      chooses: (count: number) => this.random.whole(0, count - 1),
    };
    type Settings = typeof wiring.inbound | typeof wiring.sessionEnd;
    const now = () => timeline.now;
    const createDead = (fifo: boolean, { retention }: Settings) =>
      new ModelQueue({ fifo, visibilityTimeout: 30, retention }, behaviour, now);
    const create = (fifo: boolean, of: Settings, to: ModelQueue) => {
      const { visibilityTimeout, retention, maxReceiveCount } = of;
      return new ModelQueue({ fifo, visibilityTimeout, retention, redrive: { to, maxReceiveCount } }, behaviour, now);
    };
    const inboundDead = createDead(true, wiring.inbound);
    const sessionEndDead = createDead(false, wiring.sessionEnd);
    const providers = new Set(this.configs.flatMap(({ memory }) => Object.keys(memory)));
    return {
      inbound: create(true, wiring.inbound, inboundDead),
      inboundDead,
      sessionEnd: new Map([...providers].map((name) => [name, create(false, wiring.sessionEnd, sessionEndDead)])),
      sessionEndDead,
      visits: new ModelQueue({ fifo: false, ...wiring.visits }, behaviour, now),
    };
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
              services: this.services(invocation),
              queues: this.hookQueues(invocation),
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
              services: this.services(invocation),
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
    const { sessionEnd } = this.hookQueues(invocation);
    const visits = { client: queueClient(this.queues.visits, invocation), url: "visits" };
    // One of the processes that are there, or one that has just begun.
    const held = this.processes[this.random.whole(0, this.processes.length)] ?? new HeldVisits();
    return createExpiry(() => ({ services: this.services(invocation), queues: { sessionEnd, visits }, held }));
  }

  /** The queues for hooks as an invocation sees them: one for each provider that is configured now. */
  private hookQueues(invocation: Invocation): HookQueues {
    const found = (name: string, queue: ModelQueue) => ({
      client: queueClient(queue, invocation),
      url: `${URL_BASE}${name}`,
    });
    const live = [...this.queues.sessionEnd].filter(([provider]) => Object.hasOwn(this.config.memory, provider));
    return {
      sessionEnd: new Map(live.map(([provider, queue]) => [provider, found(provider, queue)])),
      dlq: found("dead", this.queues.sessionEndDead),
    };
  }

  private run<Result>(name: string, timeout: number, done: Run<Result>["done"], work: Run<Result>["work"]): void {
    const skew = this.random.whole(-this.scenario.skew, this.scenario.skew);
    lambda(this.surroundings, { name, timeout, skew, work, done });
  }

  private services(invocation: Invocation): Services {
    const services = createServices({
      config: this.config,
      clock: invocation.clock,
      log: QUIET,
      metrics: { put: () => {} },
      table: { client: tableClient(this.table, invocation), name: "table" },
      http: invocation.http(
        (request) => (isProviders(request.url) ? this.provider : this.replies).serve(request),
        ({ url, body }) => {
          if (isProviders(url) && body !== undefined) this.onProviderCall(body);
          return this.random.whole(...(isProviders(url) ? this.scale.provider : REPLY));
        },
      ),
      // Nothing here is worth hiding, and hiding it would take a sixth of the time.
      secrets: { get: async () => SIGNING_SECRET, redact: (text) => text, redactingClient: (client) => client },
    });
    const agent: Agent = { reply: (input) => this.answer(invocation, input) };
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

  private async answer(invocation: Invocation, input: AgentInput): Promise<string> {
    const { faults, random } = this;
    const { text, session, signal } = input;
    this.onMemories(input);
    const other = this.answering.get(session);
    if (other && !other.isDead) this.onBesides(session);
    this.answering.set(session, invocation);
    signal.addEventListener("abort", () => this.answering.delete(session), { once: true });
    const hangs = faults.happens("agentHangs");
    await invocation.wait(hangs ? 70_000 : random.whole(200, 6_000));
    this.answering.delete(session);
    if (hangs || !faults.happens("agentFails")) return `re: ${text}`;
    const error = agentError(faults.degree("agentFails"));
    this.noteFailure(text, error);
    if (error === undefined) return 7 as never;
    throw error;
  }

  /** Each text that the agent is asked is of one message. */
  private noteFailure(text: string, error: Error | undefined): void {
    const { now } = this.surroundings.timeline;
    for (const action of this.scenario.actions) {
      if (action.does !== "say" || !action.text.endsWith(text)) continue;
      const before = this.agentFailures.get(action.messageId) ?? [];
      this.agentFailures.set(action.messageId, [...before, agentFailure(error, now)]);
    }
  }

  /** The most characters of a reply's chunk. */
  get chunk(): number {
    return this.scenario.chunk;
  }

  private expireLater(timeline: Timeline, pk: string, sk: string, expiresAt: unknown): void {
    const { ttl } = this.scenario;
    if (typeof expiresAt !== "number" || ttl === "off") return;
    // "Within a few days": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    const late = ttl === "prompt" ? this.random.whole(0, 20_000) : this.random.whole(0, 48 * 3_600_000);
    timeline.at(expiresAt * 1000 + late, () => {
      const now = this.table.peek(pk, sk)?.expiresAt;
      if (typeof now === "number" && now * 1000 <= timeline.now) this.table.expire(pk, sk);
    });
  }
}

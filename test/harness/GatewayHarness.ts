import type { SQSClient } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { vi } from "vitest";
import { startTelegramFake } from "../../emulators/platforms/telegram/startTelegramFake.ts";
import { createHandler as createExpiry } from "../../functions/expiry.ts";
import { createHandler as createMessage } from "../../functions/message.ts";
import { createHandler as createSessionEnd } from "../../functions/session-end.ts";
import { createHandler as createWebhook } from "../../functions/webhook.ts";
import { parseDuration } from "../../lib/adapter/duration.ts";
import type { Config } from "../../lib/config/Config.ts";
import { type ConfigInput, defineConfig } from "../../lib/config/defineConfig.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import type { Clock } from "../../lib/domain/observability.ts";
import type { ExpiryEvent } from "../../lib/expiry/ExpiryEvent.ts";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import type { ExpiryQueues } from "../../lib/expiry/sweep.ts";
import { secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { redriveHooks } from "../../lib/operator/redrive.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import type { HookQueues } from "../../lib/queues/sessionEndQueues.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { createServices } from "../../lib/services/createServices.ts";
import type { Services } from "../../lib/services/Services.ts";
import { CallGate, Killed } from "./CallGate.ts";
import { CapacityMeter } from "./CapacityMeter.ts";
import { countMessages } from "./countMessages.ts";
import { createSay, type Said } from "./createSay.ts";
import { context, createSteps } from "./createSteps.ts";
import { deadHooks } from "./deadHooks.ts";
import { plantedSecret } from "./plantedSecret.ts";
import { recordingLog } from "./recordingLog.ts";
import { startAws } from "./startAws.ts";
import { startWebhookReceiver, TEST_SECRET } from "./webhookReceiver.ts";
import { webhookRequest } from "./webhookRequest.ts";

/** Milliseconds after which a killed function's queue message is visible again and its lease over. */
const AFTER_KILL = 70_000;

/**
 * The whole gateway in one process: the real handlers, through the real AWS SDK over HTTP, on emulators made from the
 * CDK app's template. Event sources are stepped and time is moved by the test, so every order of things can be played.
 *
 * @param ownSecrets by name, for a platform or provider of the test's own
 */
export async function startGatewayHarness(
  start = "2026-03-02T10:00:00Z",
  ownSecrets: Readonly<Record<string, string>> = {},
) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(start) });
  const [aws, provider, replies, bot] = await Promise.all([
    startAws(),
    startWebhookReceiver(),
    startWebhookReceiver(),
    startTelegramFake(),
  ]);
  const { wiring, stream } = aws;
  const clock: Clock = {
    now: () => Date.now(),
    until: async (time) => {
      if (time > Date.now()) vi.setSystemTime(time);
    },
  };
  const gate = new CallGate(aws.wiring.rights);
  const capacity = new CapacityMeter();
  // The receivers and whoever signs for a test know these; every other secret is one of its own.
  const shared = new Map([
    ["BOT_TOKEN", bot.token],
    ["HTTP_SECRET", TEST_SECRET],
    ["CRM_SECRET", TEST_SECRET],
    ...Object.entries(ownSecrets),
  ]);
  const secrets = knownSecrets({ get: async ({ secret: name }) => shared.get(name) ?? plantedSecret(name) });
  const recorded = recordingLog(clock, secrets.redact);
  const table = { client: aws.tableClient(gate, capacity), name: wiring.tableName };
  const handlerQueues = aws.queueClient(gate);
  const operatorQueues = aws.queueClient();
  const operatorTable = { client: aws.tableClient(), name: wiring.tableName };
  const inbound = { client: handlerQueues, url: wiring.queues.inbound };
  /** Those of the config's providers; one that the template does not have shares another's queue. */
  const hookQueues = (client: SQSClient, { memory }: Config): HookQueues => ({
    sessionEnd: new Map(
      Object.keys(memory).map((name) => [
        name,
        { client, url: new Map(Object.entries(wiring.queues.sessionEnd)).get(name) ?? wiring.queues.sessionEnd.crm },
      ]),
    ),
    dlq: { client, url: wiring.queues.sessionEndDead },
  });

  const defaults = {
    platforms: {
      http: http({ secret: secret("HTTP_SECRET"), replyUrl: replies.url }),
      telegram: telegram({ token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET"), apiBase: bot.url }),
    },
    memory: { crm: webhook({ url: provider.url, secret: secret("CRM_SECRET") }), builtin: builtin() },
    sessions: { default: { idle: "30m" } },
  } satisfies ConfigInput;

  /** The expiry function's. */
  const expiryQueues = (): ExpiryQueues => ({
    sessionEnd: hookQueues(handlerQueues, services.config).sessionEnd,
    visits: { client: handlerQueues, url: wiring.queues.visits },
  });

  let services: Services;
  let held = new HeldVisits();
  /** A deploy: the functions have this config from now on, and begin anew. */
  const deploy = (config: Partial<ConfigInput> = {}) => {
    held = new HeldVisits();
    services = createServices({
      config: defineConfig({ ...defaults, ...config }),
      clock,
      log: recorded.log,
      metrics: { put: recorded.put },
      table,
      http: gate.http(nodeHttpClient),
      secrets,
    });
  };
  deploy();

  const webhookHandler = createWebhook(() => ({ services, inbound: sqsBatch(inbound) }));
  const messageHandler = createMessage(() => ({ services, inbound }));
  const expiryHandler = createExpiry(() => ({ services, queues: expiryQueues(), held }));
  const sessionEndHandler = createSessionEnd(() => ({
    services,
    queues: hookQueues(handlerQueues, services.config),
  }));
  /** A POST to a platform's route; answers what the HTTP API would. */
  async function post(platform: string, body: string, headers: Record<string, string>) {
    const call = webhookHandler as unknown as (
      event: unknown,
      context: Context,
    ) => Promise<APIGatewayProxyStructuredResultV2>;
    return gate.invoke(() => call(webhookRequest(platform, body, headers), context(10_000)), "webhook");
  }

  const say = createSay(post);

  const { step, settle, makeVisits } = createSteps(
    aws,
    gate,
    operatorQueues,
    { message: messageHandler, expiry: expiryHandler, sessionEnd: sessionEndHandler },
    () => Array.from(hookQueues(operatorQueues, services.config).sessionEnd.values(), ({ url }) => url),
  );

  const schedule = (event: ExpiryEvent) => gate.invoke(() => expiryHandler(event, context(120_000)), "expiry");

  return {
    clock,
    gate,
    capacity,
    logged: recorded.logged,
    /** Every line as it is written, in the functions' own format. */
    lines: recorded.lines,
    /** Every metric that was put. */
    measured: recorded.measured,
    get carried() {
      return recorded.carried;
    },
    table,
    /** The same table, by calls that are neither counted nor killed. */
    operatorTable,
    /** The handlers' queues, for what is neither function nor operator. */
    get queues() {
      return hookQueues(handlerQueues, services.config);
    },
    /** The expiry function's queues. */
    expiryQueues,
    /** The inbound queue as the functions reach it. */
    inbound,
    operatorQueues,
    wiring,
    endpoints: aws.endpoints,
    provider,
    replies,
    bot,
    stream,
    step,
    post,
    say,
    settle,
    deploy,
    /** The handlers' services, for what operators do. */
    get services() {
      return services;
    },
    /** Moves the clock on, by a duration such as "30m". */
    advance: (duration: string) => vi.setSystemTime(Date.now() + (parseDuration(duration) ?? Number.NaN)),
    /** Moves the clock to a moment. */
    goTo: (iso: string) => vi.setSystemTime(Date.parse(iso)),
    /** The minute's schedule, and the visits that follow from it within its minute. */
    sweep: async () => {
      await schedule({ type: "sweep" });
      await makeVisits();
    },
    /** One of the schedules that share it. */
    sweepPart: async (part: number, of: number) => {
      await schedule({ type: "sweep", part, of });
      await makeVisits();
    },
    /** The day's schedule. */
    retention: () => schedule({ type: "retention" }),
    /** DynamoDB's TTL deletes what has expired. */
    ttl: () => aws.expire(),
    /** Everything that AWS would do by itself from now on for a while: retries after kills included. */
    async recover(): Promise<void> {
      for (let round = 0; round < 4; round++) {
        vi.setSystemTime(Date.now() + AFTER_KILL);
        await settle();
      }
    },
    /** Says it and lets it be answered; answers the texts of the new replies. */
    async chat(text: string, said: Said = {}): Promise<readonly string[]> {
      const before = replies.effects.length;
      await say(text, said);
      await settle();
      return replies.effects.slice(before).map(({ body }) => String(body.text));
    },
    /** The sessions that the webhook provider has, each once, in order of arrival. */
    delivered: () => provider.effects.map(({ body }) => body.data),
    /** The ledger's dead hooks. */
    deadHooks: () => deadHooks(operatorTable),
    /** An operator redrives; answers how many were revived. */
    async redrive(hooks: readonly Hook[]): Promise<number> {
      const queues = hookQueues(operatorQueues, services.config);
      return (await redriveHooks({ ...services, table: operatorTable }, queues, hooks)).revived.length;
    },
    /** How many messages are on the session-end queue's dead-letter queue. */
    dlq: () => countMessages(operatorQueues, wiring.queues.sessionEndDead),
    isKilled: (error: unknown) => error instanceof Killed,
    async stop(): Promise<void> {
      vi.useRealTimers();
      await Promise.all([provider.close(), replies.close(), bot.close(), aws.close()]);
    },
  };
}

export type GatewayHarness = Awaited<ReturnType<typeof startGatewayHarness>>;

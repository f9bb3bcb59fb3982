import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Context, SQSEvent } from "aws-lambda";
import { createHandler as createExpiry } from "../../../functions/expiry.ts";
import { createHandler as createMessage } from "../../../functions/message.ts";
import { createHandler as createSessionEnd } from "../../../functions/session-end.ts";
import { createHandler as createWebhook } from "../../../functions/webhook.ts";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { defineConfig } from "../../../lib/config/defineConfig.ts";
import { HeldVisits } from "../../../lib/expiry/HeldVisits.ts";
import { secret } from "../../../lib/index.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { sqsBatch } from "../../../lib/queues/sqsBatch.ts";
import { emfMetrics } from "../../../lib/runtime/embeddedMetrics.ts";
import { jsonLogger } from "../../../lib/runtime/jsonLogger.ts";
import { knownSecrets } from "../../../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";
import { createServices } from "../../../lib/services/createServices.ts";
import { clientDefaults } from "../../../lib/services/environment.ts";
import { QueueSource } from "../../../test/harness/QueueSource.ts";
import { StreamSource } from "../../../test/harness/StreamSource.ts";
import { SIGNING_SECRET } from "../../simulation/configOf.ts";
import { webhookEvent } from "../../simulation/webhookEvent.ts";
import type { Emulators } from "./Emulators.ts";
import type { Meter } from "./Meter.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };

/** The functions as they are deployed, but for the clock and what is behind their clients; each invocation is measured. */
export class Handlers {
  /** Milliseconds since the epoch: what the functions' clock says. */
  now = Date.now();
  /** Hooks that were delivered. */
  delivered = 0;
  private readonly invoke: ReturnType<typeof createHandlers>;
  private readonly inbound: QueueSource;
  private readonly sessionEnd: readonly QueueSource[];
  private readonly stream: StreamSource;
  private readonly meter: Meter;

  constructor(emulators: Emulators, meter: Meter) {
    this.meter = meter;
    this.invoke = createHandlers(this, emulators, meter);
    const { wiring } = emulators;
    const source = new SQSClient({ ...LOCAL, endpoint: emulators.sqs });
    this.inbound = new QueueSource(source, wiring.queues.inbound);
    this.sessionEnd = Object.values(wiring.queues.sessionEnd).map((url) => new QueueSource(source, url));
    this.stream = new StreamSource(emulators.dynamoDb, wiring.streamArn, wiring.streamFilters);
  }

  /** A person writes, and is answered. */
  async message(conversation: string, messageId: string, text: string): Promise<void> {
    const body = JSON.stringify({ conversation, user: { id: conversation, name: "Ann" }, text, sentAt: this.now });
    const event = webhookEvent("http", body, messageId, this.now);
    const { statusCode } = await this.meter.measure("webhook", () => this.invoke.webhook(event, this.context()));
    if (statusCode !== 202) throw new Error(`not accepted: ${statusCode}`);
    const answered = await this.inbound.step((event) =>
      this.meter.measure("message", () => this.invoke.message(this.receivedNow(event), this.context())),
    );
    if (!answered) throw new Error("no message came");
  }

  /** Ends what is due, and delivers it. */
  async end(): Promise<void> {
    await this.meter.measure("expiry (sweep)", () => this.invoke.expiry({ type: "sweep" }, this.context()));
    const sealed = (event: Parameters<typeof this.invoke.expiry>[0]) =>
      this.meter.measure("expiry (stream)", () => this.invoke.expiry(event, this.context()));
    while (await this.stream.step(async (event) => (await sealed(event)) ?? { batchItemFailures: [] }));
    const deliver = (event: SQSEvent) =>
      this.meter.measure("session-end", () => this.invoke.sessionEnd(this.receivedNow(event), this.context()));
    for (const queue of this.sessionEnd) while (await queue.step(deliver));
  }

  /** By the functions' clock, which goes ahead of the queue's: a message that came long ago is held first, by a call more. */
  private receivedNow({ Records }: SQSEvent): SQSEvent {
    const ApproximateFirstReceiveTimestamp = String(this.now);
    return {
      Records: Records.map((record) => ({
        ...record,
        attributes: { ...record.attributes, ApproximateFirstReceiveTimestamp },
      })),
    };
  }

  private context(): Context {
    const end = this.now + 120_000;
    return { getRemainingTimeInMillis: () => end - this.now } as Context;
  }
}

function createHandlers(harness: Handlers, { wiring, dynamoDb, sqs, acknowledger }: Emulators, meter: Meter) {
  const table = new DynamoDBClient({ ...clientDefaults, ...LOCAL, endpoint: dynamoDb });
  const queues = new SQSClient({ ...clientDefaults, ...LOCAL, endpoint: sqs });
  table.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        meter.count(String(commandName));
        return next(args);
      },
    { step: "initialize" },
  );
  queues.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        meter.count(String(commandName));
        return next(args);
      },
    { step: "initialize" },
  );
  const clock = { now: () => harness.now, until: async () => {} };
  const secrets = knownSecrets({ get: async () => SIGNING_SECRET });
  // Whoever reads the lines is another process.
  const write = secrets.redact;
  const log = jsonLogger(clock, "info", write, undefined, "bench");
  const services = createServices({
    config: defineConfig({
      agent: echo(),
      platforms: { http: http({ secret: secret("HTTP_SECRET"), replyUrl: `${acknowledger}/replies` }) },
      memory: { crm: webhook({ url: `${acknowledger}/sessions`, secret: secret("CRM_SECRET") }) },
      sessions: { default: { idle: "30m" } },
    }),
    clock,
    log: {
      ...log,
      info: (event, ...rest) => {
        if (event === "hook.delivered") harness.delivered++;
        log.info(event, ...rest);
      },
    },
    metrics: emfMetrics(clock, "bench", write),
    table: {
      client: DynamoDBDocumentClient.from(table, { marshallOptions: { removeUndefinedValues: true } }),
      name: wiring.tableName,
    },
    http: {
      send: (request) => {
        meter.count(request.method);
        return nodeHttpClient.send(request);
      },
    },
    secrets,
  });
  const inbound = { client: queues, url: wiring.queues.inbound };
  const sessionEnd = new Map([["crm", { client: queues, url: wiring.queues.sessionEnd.crm }]]);
  const dlq = { client: queues, url: wiring.queues.sessionEndDead };
  const held = new HeldVisits();
  return {
    webhook: createWebhook(() => ({ services, inbound: sqsBatch(inbound) })),
    message: createMessage(() => ({ services, inbound })),
    expiry: createExpiry(() => ({
      services,
      queues: { sessionEnd, visits: { client: queues, url: wiring.queues.visits } },
      held,
    })),
    sessionEnd: createSessionEnd(() => ({ services, queues: { sessionEnd, dlq } })),
  };
}

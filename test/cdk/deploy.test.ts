import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { Webhook } from "standardwebhooks";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { createHandler as createExpiry } from "../../functions/expiry.ts";
import { createHandler as createMessage } from "../../functions/message.ts";
import { createHandler as createSessionEnd } from "../../functions/session-end.ts";
import { createHandler as createWebhook } from "../../functions/webhook.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { readSessionEndOutputs } from "../../lib/config/sessionEndOutputs.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { sqsBatch } from "../../lib/queues/sqsBatch.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { createServices } from "../../lib/services/createServices.ts";
import { queueClient, tableClient } from "../harness/clients.ts";
import { QueueSource } from "../harness/QueueSource.ts";
import { StreamSource } from "../harness/StreamSource.ts";
import { startWebhookReceiver, TEST_SECRET, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { findMoto, type Moto, startMoto } from "./moto.ts";
import { motoTemplate } from "./motoTemplate.ts";

const program = findMoto();
if (program === undefined)
  console.log("The deploy test is skipped: there is no moto_server on PATH (pip install 'moto[server]').");

const mappingsSchema = v.object({
  EventSourceMappings: v.array(
    v.object({
      BatchSize: v.number(),
      EventSourceArn: v.string(),
      FunctionArn: v.string(),
      FunctionResponseTypes: v.optional(v.array(v.string())),
      FilterCriteria: v.nullish(v.object({ Filters: v.array(v.object({ Pattern: v.string() })) })),
    }),
  ),
});

describe.skipIf(program === undefined)("the template, deployed through CloudFormation to moto", () => {
  let moto: Moto;
  let receiver: WebhookReceiver;

  // GIVEN an emulator of AWS and a memory provider
  beforeAll(async () => {
    [moto, receiver] = await Promise.all([startMoto(program ?? ""), startWebhookReceiver()]);
  }, 60_000);
  afterAll(async () => {
    await receiver?.close();
    moto?.stop();
  });

  /** Creates the stack and answers its outputs by name. */
  async function deploy(StackName: string, without: readonly string[] = []): Promise<(output: string) => string> {
    const stack = { Version: "2010-05-15", StackName };
    const template = { TemplateBody: motoTemplate(StackName, without), "Capabilities.member.1": "CAPABILITY_IAM" };
    await moto.query("cloudformation", { ...stack, Action: "CreateStack", ...template });
    const xml = await moto.query("cloudformation", { ...stack, Action: "DescribeStacks" });
    expect(xml).toContain("CREATE_COMPLETE");
    const outputs = xml.matchAll(/<OutputKey>(\w+)<\/OutputKey>\s*<OutputValue>([^<]*)<\/OutputValue>/g);
    const values = new Map([...outputs].map(([, name = "", value = ""]) => [name, value] as const));
    return (output) => values.get(output) ?? "";
  }

  it("has four event sources with the wiring's batches and filters", async () => {
    await deploy("Wired");

    const { EventSourceMappings: mappings } = v.parse(
      mappingsSchema,
      await moto.get("lambda", "/2015-03-31/event-source-mappings/"),
    );

    const found = mappings.map((mapping) => ({
      source: /:(sqs|dynamodb):/.exec(mapping.EventSourceArn)?.[1],
      batch: mapping.BatchSize,
      reports: mapping.FunctionResponseTypes,
      filters: mapping.FilterCriteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern)),
    }));
    const reports = ["ReportBatchItemFailures"];
    expect(found.toSorted((a, b) => a.batch - b.batch)).toEqual([
      { source: "sqs", batch: wiring.inbound.batchSize, reports, filters: undefined },
      { source: "sqs", batch: wiring.sessionEnd.batchSize, reports, filters: undefined },
      { source: "sqs", batch: wiring.visits.batchSize, reports: undefined, filters: undefined },
      { source: "dynamodb", batch: wiring.stream.batchSize, reports, filters: wiring.stream.filters },
    ]);
  });

  it("takes a message in, ends its session at /reset and delivers it, through the real handlers", async () => {
    // Without the mappings, in whose place the test steps: moto gives them what comes, and drops it.
    const output = await deploy("Driven", ["AWS::Lambda::EventSourceMapping"]);
    const config = defineConfig({
      platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
      memory: { crm: webhook({ url: receiver.url, secret: secret("CRM_SIGNING_SECRET") }) },
    });
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const table = { client: tableClient(moto.endpoint), name: output("TableName") };
    const services = createServices({
      ...{ config, table, clock: systemClock, log: quiet, metrics: { put: () => undefined } },
      ...{ http: nodeHttpClient, secrets: knownSecrets({ get: async () => TEST_SECRET }) },
    });
    const client = queueClient(moto.endpoint);
    const queue = (name: string) => ({ client, url: output(name) });
    const inbound = queue("InboundQueueUrl");
    const jobsAt = readSessionEndOutputs({ SessionEndQueue1: output("SessionEndQueue1") }).builtin ?? "";
    // The only queue of the stack is `builtin`'s: the provider of the test is one that it does not have.
    const sessionEnd = new Map([["builtin", { client, url: jobsAt }]]);
    const handlers = {
      webhook: createWebhook(() => ({ services, inbound: sqsBatch(inbound) })),
      message: createMessage(() => ({ services, inbound })),
      expiry: createExpiry(() => ({
        services,
        queues: { sessionEnd, visits: queue("VisitQueueUrl") },
        held: new HeldVisits(),
      })),
      sessionEnd: createSessionEnd(() => ({
        services,
        queues: { sessionEnd, dlq: queue("SessionEndDlqUrl") },
      })),
    };
    const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
    const say = async (id: string, text: string) => {
      const body = JSON.stringify({ conversation: "ann", user: { id: "ann" }, text, sentAt: Date.now() });
      const headers = {
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        "webhook-signature": new Webhook(TEST_SECRET).sign(id, new Date(), body),
      };
      const event = {
        routeKey: "ANY /webhooks/http",
        requestContext: { http: { method: "POST" } },
        headers,
        body,
      };
      const call = handlers.webhook as unknown as (
        event: unknown,
        context: Context,
      ) => Promise<APIGatewayProxyStructuredResultV2>;
      expect(await call(event, context)).toMatchObject({ statusCode: 202 });
      const source = new QueueSource(client, inbound.url);
      expect(await source.step((given) => handlers.message(given, context))).toBe(true);
    };

    await say("msg_1", "My name is Ann");
    await say("msg_2", "/reset");
    const { Table: described } = await table.client.send(new DescribeTableCommand({ TableName: table.name }));
    const stream = new StreamSource(moto.endpoint, described?.LatestStreamArn ?? "", wiring.stream.filters);
    expect(await stream.step((event) => handlers.expiry(event, context))).toBe(true);
    const jobs = new QueueSource(client, jobsAt);
    expect(await jobs.step((given) => handlers.sessionEnd(given, context))).toBe(true);

    expect(receiver.effects.map(({ body }) => body.data)).toMatchObject([
      { reason: "reset", turns: 1, messages: [{ role: "user", content: "My name is Ann" }, { role: "assistant" }] },
    ]);
    expect(await jobs.step(() => Promise.reject(new Error("no job is left")))).toBe(false);
  });
});

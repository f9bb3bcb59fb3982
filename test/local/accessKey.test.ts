import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DynamoDb, startDynamoDb } from "../../emulators/dynamodb/startDynamoDb.ts";
import { type Sqs, startSqs } from "../../emulators/sqs/startSqs.ts";
import { type Ssm, startSsm } from "../../emulators/ssm/startSsm.ts";
import { newAccessKey } from "../../local/http/accessKey.ts";

const key = newAccessKey();

describe("emulators that were given an access key", () => {
  let running: [DynamoDb, Sqs, Ssm];
  beforeAll(async () => {
    const { accessKeyId } = key;
    const parameters = () => new Map([["/vesper/A", "planted-secret"]]);
    running = await Promise.all([
      startDynamoDb({ ttlInterval: 0, accessKeyId }),
      startSqs({ accessKeyId }),
      startSsm({ parameters, accessKeyId }),
    ]);
  });
  afterAll(() => Promise.all(running.map((one) => one.close())));

  /** One call to each service; what went wrong by service. */
  async function callAll(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
    const [dynamoDb, sqs, ssm] = running;
    const settings = { region: "us-east-1", credentials, maxAttempts: 1 };
    const tables = new DynamoDBClient({ ...settings, endpoint: dynamoDb.endpoint });
    const streams = new DynamoDBStreamsClient({ ...settings, endpoint: dynamoDb.endpoint });
    const queues = new SQSClient({ ...settings, endpoint: sqs.endpoint });
    const parameters = new SSMClient({ ...settings, endpoint: ssm.endpoint });
    const calls = {
      dynamodb: tables.send(new ListTablesCommand({})),
      streams: streams.send(new ListStreamsCommand({})),
      sqs: queues.send(new ListQueuesCommand({})),
      ssm: parameters.send(new GetParameterCommand({ Name: "/vesper/A", WithDecryption: true })),
    };
    const names = Object.entries(calls).map(async ([service, call]) => {
      const outcome = await call.then(
        () => "answered",
        (error: Error) => error.name,
      );
      return [service, outcome] as const;
    });
    const outcomes = Object.fromEntries(await Promise.all(names));
    for (const client of [tables, streams, queues, parameters]) client.destroy();
    return outcomes;
  }

  it("answer whoever signs with it", async () => {
    expect(await callAll(key)).toEqual({
      ...{ dynamodb: "answered", streams: "answered", sqs: "answered", ssm: "answered" },
    });
  });

  it.each([
    ["another", newAccessKey().accessKeyId],
    ["the one that every program guesses", "local"],
    ["its beginning", key.accessKeyId.slice(0, -1)],
    ["a longer one", `${key.accessKeyId}A`],
  ])("refuse every other key as AWS would: %s", async (_, accessKeyId) => {
    expect(await callAll({ ...key, accessKeyId })).toEqual({
      dynamodb: "UnrecognizedClientException",
      streams: "UnrecognizedClientException",
      sqs: "InvalidClientTokenId",
      ssm: "UnrecognizedClientException",
    });
  });

  it("refuse requests that are not signed, and hand out nothing", async () => {
    const [dynamoDb, sqs, ssm] = running;
    const calls = [
      { endpoint: dynamoDb.endpoint, target: "DynamoDB_20120810.ListTables", body: "{}", version: 0 },
      { endpoint: sqs.endpoint, target: "AmazonSQS.ListQueues", body: "{}", version: 0 },
      { endpoint: ssm.endpoint, target: "AmazonSSM.GetParameter", body: '{"Name":"/vesper/A"}', version: 1 },
    ];
    for (const { endpoint, target, body, version } of calls) {
      const headers = { "x-amz-target": target, "content-type": `application/x-amz-json-1.${version}` };
      const response = await fetch(endpoint, { method: "POST", headers, body });
      expect([400, 403], target).toContain(response.status);
      const text = await response.text();
      expect(text).toContain("MissingAuthenticationToken");
      expect(text).not.toContain("planted");
    }
  });
});

it("makes another key each time, of letters and digits alone in its id", () => {
  const keys = Array.from({ length: 100 }, newAccessKey);
  expect(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size).toBe(100);
  for (const { accessKeyId } of keys) expect(accessKeyId).toMatch(/^[A-Z0-9]{45}$/);
});

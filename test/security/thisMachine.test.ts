import { request } from "node:http";
import { expect, it } from "vitest";
import { startDynamoDb } from "../../emulators/dynamodb/startDynamoDb.ts";
import { isForThisMachine } from "../../emulators/isForThisMachine.ts";
import { startSqs } from "../../emulators/sqs/startSqs.ts";
import { startSsm } from "../../emulators/ssm/startSsm.ts";

it.each([
  "evil.example",
  "evil.example:8000",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "127.0.0.1@x",
  "",
  "[::1",
])("gives a page under the name %j nothing from the emulators, although its name leads here", async (host) => {
  expect(isForThisMachine(host)).toBe(false);
});

it("answers to this machine's own names alone", async () => {
  const ssm = await startSsm({ parameters: () => new Map([["/vesper/A", "planted-secret"]]) });
  const [dynamoDb, sqs] = await Promise.all([startDynamoDb({ ttlInterval: 0 }), startSqs()]);
  const calls = [
    { endpoint: ssm.endpoint, target: "AmazonSSM.GetParameter", body: '{"Name":"/vesper/A","WithDecryption":true}' },
    { endpoint: dynamoDb.endpoint, target: "DynamoDB_20120810.ListTables", body: "{}" },
    { endpoint: sqs.endpoint, target: "AmazonSQS.ListQueues", body: "{}" },
  ];
  try {
    for (const call of calls) {
      const port = new URL(call.endpoint).port;
      expect((await post(call, `evil.example:${port}`)).status, call.target).toBe(403);
      expect((await post(call, `evil.example:${port}`)).text).not.toContain("planted");
      for (const name of ["127.0.0.1", "localhost"]) {
        expect((await post(call, `${name}:${port}`)).status, call.target).toBe(200);
      }
    }
  } finally {
    await Promise.all([ssm.close(), dynamoDb.close(), sqs.close()]);
  }
});

function post(
  { endpoint, target, body }: { readonly endpoint: string; readonly target: string; readonly body: string },
  host: string,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const headers = {
    ...{ host, "x-amz-target": target, authorization: "AWS4-HMAC-SHA256 Credential=x" },
    "content-type": `application/x-amz-json-1.${target.startsWith("AmazonSSM") ? 1 : 0}`,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint, { method: "POST", headers }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ status: response.statusCode, text });
    });
    outgoing.on("error", reject).end(body);
  });
}

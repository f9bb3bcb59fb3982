import { request } from "node:http";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SqsBench, sqsBench } from "./sqsBench.ts";

describe("startSqs", () => {
  let bench: SqsBench;

  beforeEach(async () => {
    bench = await sqsBench();
  });
  afterEach(() => bench.close());

  it("takes any text that AWS takes, emoji, tabs and lines, and refuses control characters", async () => {
    await bench.create("q");
    await bench.send("q", "olé 👋🏽\n\t終");
    expect(await bench.bodies("q")).toEqual(["olé 👋🏽\n\t終"]);
    await expect(bench.send("q", "a\u0000")).rejects.toMatchObject({ name: "InvalidMessageContents" });
  });

  it("refuses a queue that AWS would refuse", async () => {
    const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
      bench.client.send(new CreateQueueCommand({ QueueName, Attributes }));
    const policy = (name: string) =>
      JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`, maxReceiveCount: 3 });
    await bench.create("dlq");
    await expect(create("a b")).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(create("q", { Nonsense: "1" })).rejects.toMatchObject({ name: "InvalidAttributeName" });
    await expect(create("q", { VisibilityTimeout: "43201" })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    await expect(create("q", { RedrivePolicy: "{" })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    await expect(create("q", { RedrivePolicy: policy("none") })).rejects.toThrow(/target does not exist/);
    await expect(create("q.fifo", { RedrivePolicy: policy("dlq") })).rejects.toThrow(/same type/);
    await create("q", { RedrivePolicy: policy("dlq") });
    await expect(create("q", { RedrivePolicy: policy("q") })).rejects.toMatchObject({ name: "QueueNameExists" });
    const set = (Attributes: Record<string, string>) =>
      bench.client.send(new SetQueueAttributesCommand({ QueueUrl: bench.url("q"), Attributes }));
    await expect(set({ DelaySeconds: "901" })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    await set({ RedrivePolicy: "" });
  });

  it.each([
    ["SendMessage", "{", "SerializationException"],
    ["SendMessage", "[]", "SerializationException"],
    ["SendMessage", "null", "SerializationException"],
    ["SendMessage", "", "SerializationException"],
    ["SendMessage", "{}", "MissingParameter"],
    ["SendMessage", '{"QueueUrl":7,"MessageBody":"x"}', "SerializationException"],
    ["SendMessage", '{"QueueUrl":"http://x/nope","MessageBody":"x"}', "QueueDoesNotExist"],
    ["SendMessage", '{"QueueUrl":"http://x/q","MessageBody":"x","DelaySeconds":901}', "InvalidParameterValue"],
    ["SendMessage", '{"QueueUrl":"http://x/q","MessageBody":""}', "MissingParameter"],
    ["SendMessageBatch", '{"QueueUrl":"http://x/q","Entries":[{"Id":"a"}]}', "MissingParameter"],
    ["SendMessageBatch", '{"QueueUrl":"http://x/q","Entries":[]}', "EmptyBatchRequest"],
    ["ReceiveMessage", '{"QueueUrl":"http://x/q","MaxNumberOfMessages":11}', "InvalidParameterValue"],
    ["ReceiveMessage", '{"QueueUrl":"http://x/q","WaitTimeSeconds":21}', "InvalidParameterValue"],
    ["DeleteMessage", '{"QueueUrl":"http://x/q","ReceiptHandle":"x"}', "ReceiptHandleIsInvalid"],
    [
      "ChangeMessageVisibility",
      '{"QueueUrl":"http://x/q","ReceiptHandle":"x","VisibilityTimeout":"1"}',
      "SerializationException",
    ],
    ["ChangeMessageVisibilityBatch", '{"QueueUrl":"http://x/q","Entries":[{}]}', "MissingParameter"],
    ["TagQueue", '{"QueueUrl":"http://x/q","Tags":7}', "SerializationException"],
    ["Nonsense", "{}", "InvalidAction"],
    ["constructor", "{}", "InvalidAction"],
  ])("answers %s %s with %s", async (action, body, code) => {
    await bench.create("q");
    const response = await fetch(bench.sqs.endpoint, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: `com.amazonaws.sqs#${code}` });
    expect(response.headers.get("x-amzn-query-error")).toContain(";Sender");
  });

  it("serves nothing but SQS", async () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/_fauxqs/queues"],
      ["PUT", "/bucket"],
      ["POST", "/"],
    ] as const) {
      const response = await fetch(`${bench.sqs.endpoint}${path}`, { method });
      expect(response.status).toBe(404);
    }
  });

  it("closes at once, twice, under open connections and long polls that would wait for 20 s", async () => {
    await bench.create("q");
    const polls = Array.from({ length: 20 }, () => bench.receive("q", { WaitTimeSeconds: 20 }).catch(() => []));
    const half = request(bench.sqs.endpoint, { method: "POST", headers: { "content-length": "10" } });
    half.on("error", () => {});
    half.write("{");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const start = performance.now();
    await bench.sqs.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    await Promise.all(polls);
    await bench.sqs.close();
    await expect(fetch(bench.sqs.endpoint)).rejects.toThrow();
  });
});

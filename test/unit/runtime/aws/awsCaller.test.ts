import { beforeEach, describe, expect, it } from "vitest";
import { HttpError } from "../../../../lib/adapter/errors.ts";
import type { HttpRequest, HttpResponse } from "../../../../lib/adapter/http/HttpClient.ts";
import { type AwsCallError, type AwsOperation, awsCaller } from "../../../../lib/runtime/aws/awsCaller.ts";

const OPERATION: AwsOperation = {
  ...{ service: "sqs", endpoint: "https://sqs.example/", target: "AmazonSQS.SendMessageBatch", version: "1.0" },
};

describe("awsCaller", () => {
  let answers: (HttpResponse | Error)[];
  let requests: HttpRequest[];
  let waits: number[];
  let trace: string | undefined;
  beforeEach(() => {
    [answers, requests, waits, trace] = [[], [], [], undefined];
  });
  const call = awsCaller({
    region: "eu-central-1",
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
    http: {
      async send(request) {
        requests.push(request);
        const answer = answers.shift() ?? { status: 200, headers: {}, text: '{"ok":true}' };
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    clock: { now: () => 1_000, until: async (time) => void waits.push(time - 1_000) },
    random: () => 0.5,
    traceId: () => trace,
  });
  const answer = (status: number, body: unknown) => ({ status, headers: {}, text: JSON.stringify(body) });
  const failure = () => call(OPERATION, {}).catch((error: AwsCallError) => error);

  it("posts the operation's input, signed, and answers what AWS answers", async () => {
    trace = "Root=1-abc";
    expect(await call(OPERATION, { QueueUrl: "q" })).toEqual({ ok: true });
    expect(requests).toEqual([
      expect.objectContaining({
        url: "https://sqs.example/",
        method: "POST",
        body: '{"QueueUrl":"q"}',
        idempotent: true,
        headers: expect.objectContaining({
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "AmazonSQS.SendMessageBatch",
          "x-amzn-trace-id": "Root=1-abc",
          authorization: expect.stringContaining("Credential=AKID/19700101/eu-central-1/sqs/aws4_request"),
        }),
      }),
    ]);
  });

  it.each<[string, HttpResponse | Error]>([
    ["an error of AWS's own", answer(500, { __type: "InternalFailure" })],
    ["too many calls", answer(400, { __type: "com.amazonaws.sqs#ThrottlingException", message: "Rate exceeded" })],
    ["a page that is not AWS's", { status: 503, headers: {}, text: "<html>" }],
    ["no answer", new HttpError("no answer from sqs.example", "unknown")],
  ])("repeats a call twice, each time after a longer wait: %s", async (_, passing) => {
    answers = [passing, passing];
    expect(await call(OPERATION, {})).toEqual({ ok: true });
    expect(waits).toEqual([50, 100]);
    answers = [passing, passing, passing];
    expect(await failure()).toMatchObject({ name: "AwsCallError", retry: true });
    expect(requests).toHaveLength(6);
  });

  it("does not repeat what AWS refuses, and tells AWS's name of it", async () => {
    answers = [answer(400, { __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "no such queue" })];
    expect(await failure()).toMatchObject({
      retry: false,
      code: "QueueDoesNotExist",
      message: "AmazonSQS.SendMessageBatch answered 400, QueueDoesNotExist: no such queue",
    });
    expect(requests).toHaveLength(1);
  });

  it("does not repeat a call whose time is over", async () => {
    answers = [new HttpError("no answer", "unknown")];
    const error: unknown = await call({ ...OPERATION, signal: AbortSignal.abort() }, {}).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "NoAnswer" });
    expect(requests).toHaveLength(1);
  });
});

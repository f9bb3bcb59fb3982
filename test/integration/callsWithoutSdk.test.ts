import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startSqs } from "../../emulators/sqs/startSqs.ts";
import { startSsm } from "../../emulators/ssm/startSsm.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { awsCaller } from "../../lib/runtime/aws/awsCaller.ts";
import { parameterReader } from "../../lib/runtime/aws/parameterReader.ts";
import { postBatch } from "../../lib/runtime/aws/postBatch.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { endpointFromEnvironment } from "../../lib/services/awsFromEnvironment.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** What an SQS message of 1 MiB and a byte is. */
const TOO_LARGE = "x".repeat(1024 * 1024 + 1);

describe("what is called without the SDK", () => {
  let sqs: Awaited<ReturnType<typeof startSqs>>;
  let ssm: Awaited<ReturnType<typeof startSsm>>;
  let client: SQSClient;
  let url: string;
  const call = awsCaller({
    ...{ region: "us-east-1", credentials: CREDENTIALS, http: nodeHttpClient, clock: systemClock },
    random: () => 0,
    traceId: () => undefined,
  });
  beforeAll(async () => {
    const parameters = () => new Map([["/vesper/Test/KEY", "ké\n"]]);
    [sqs, ssm] = await Promise.all([startSqs(), startSsm({ parameters })]);
    client = new SQSClient({ region: "us-east-1", endpoint: sqs.endpoint, credentials: CREDENTIALS });
    await client.send(new CreateQueueCommand({ QueueName: "in.fifo", Attributes: { FifoQueue: "true" } }));
    url = sqs.queueUrl("in.fifo");
  });
  afterAll(async () => {
    client.destroy();
    await Promise.all([sqs.close(), ssm.close()]);
  });
  const entry = (id: string, body: string) => ({
    ...{ Id: id, MessageBody: body, MessageGroupId: "g", MessageDeduplicationId: id },
  });

  it("puts messages on a queue as the SDK does, and a repeated one once", async () => {
    const send = postBatch(call, `${sqs.endpoint}/`, url);
    expect(await send([entry("1", '{"text":"Zoë 李"}'), entry("2", "second")])).toEqual([]);
    expect(await send([entry("1", '{"text":"Zoë 李"}')])).toEqual([]);
    const receive = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await client.send(receive);
    expect(Messages.map(({ Body }) => Body)).toEqual(['{"text":"Zoë 李"}', "second"]);
  });

  it("answers the entries that the queue does not take, and puts the others there", async () => {
    const { MessageGroupId: _, ...groupless } = entry("5", "nowhere");
    const refused = await postBatch(call, `${sqs.endpoint}/`, url)([entry("4", "there"), groupless]);
    expect(refused).toEqual([
      { Code: expect.stringMatching(/Parameter/), Message: expect.stringContaining("MessageGroupId") },
    ]);
  });

  it("says why nothing was taken, in AWS's own words", async () => {
    const gone = postBatch(call, `${sqs.endpoint}/`, sqs.queueUrl("none.fifo"));
    await expect(gone([entry("1", "a")])).rejects.toMatchObject({ code: "QueueDoesNotExist", retry: false });
    const large = postBatch(call, `${sqs.endpoint}/`, url)([entry("3", TOO_LARGE)]);
    await expect(large).rejects.toMatchObject({ code: "BatchRequestTooLong", retry: false });
  });

  it("reads the parameters that are there, decrypted, as they are", async () => {
    const read = parameterReader(call, `${ssm.endpoint}/`);
    const found = await read(["/vesper/Test/KEY", "/vesper/Test/NONE"], AbortSignal.timeout(2_000));
    expect([...found]).toEqual([["/vesper/Test/KEY", "ké\n"]]);
  });

  it("finds a service at AWS, or where the environment says", () => {
    expect(endpointFromEnvironment("SQS", "https://sqs.eu-west-1.amazonaws.com/1/in.fifo")).toBe(
      "https://sqs.eu-west-1.amazonaws.com/",
    );
    vi.stubEnv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9324/sqs");
    expect(endpointFromEnvironment("SQS", "https://sqs.eu-west-1.amazonaws.com/1/in.fifo")).toBe(
      "http://127.0.0.1:9324/",
    );
    vi.unstubAllEnvs();
  });
});

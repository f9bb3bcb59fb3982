import { type SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "vitest";
import type { HookJob } from "../../../lib/domain/HookJob.ts";
import { enqueueHooks } from "../../../lib/queues/enqueueHooks.ts";
import type { Queue } from "../../../lib/services/Services.ts";

describe("enqueueHooks", () => {
  let sent: SendMessageBatchCommand["input"][];
  let answers: object[];
  let queue: Queue;
  beforeEach(() => {
    sent = [];
    answers = [];
    const send = async ({ input }: SendMessageBatchCommand) => {
      sent.push(input);
      return answers.shift() ?? {};
    };
    queue = { client: Object.assign(new SQSClient({ region: "none" }), { send }), url: "url" };
  });

  it("sends each job as it is, ten at a time", async () => {
    const jobs = Array.from({ length: 20 }, (_, index) => jobFor(`S${index}`));
    await enqueueHooks(queue, jobs);
    expect(sent.map(({ Entries = [] }) => Entries.length)).toEqual([10, 10]);
    expect(sent[0]?.QueueUrl).toBe("url");
    expect(sent[0]?.Entries?.[1]).toEqual({
      Id: "1",
      MessageBody: JSON.stringify(jobFor("S1")),
    });
    expect(sent.flatMap(({ Entries = [] }) => Entries.map(({ MessageBody = "" }) => JSON.parse(MessageBody)))).toEqual(
      jobs,
    );
  });

  it("sends nothing where there is nothing", async () => {
    await enqueueHooks(queue, []);
    expect(sent).toEqual([]);
  });

  it.each([
    [{ Message: "too large", Code: "TooLarge" }, "too large"],
    [{ Code: "TooLarge" }, "TooLarge"],
    [{}, "no reason"],
  ])("says so when the queue did not take one: %j", async (failed, reason) => {
    answers = [{ Failed: [failed] }];
    await expect(enqueueHooks(queue, [jobFor("S1")])).rejects.toMatchObject({
      name: "NotQueued",
      retry: true,
      message: `1 messages could not be queued: ${reason}`,
    });
  });

  const jobFor = (session: string): HookJob => ({ v: 1, session, conversation: "c", provider: "crm" });
});

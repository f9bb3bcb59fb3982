import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { enqueueHooks } from "../../lib/hooks/enqueueHooks.ts";

it("each job is of its provider's group, so that a fair queue holds up no other provider's", async () => {
  const sent: SendMessageBatchCommand["input"][] = [];
  const client = Object.assign(Object.create(new SQSClient({ region: "us-east-1" })), {
    send: async (command: unknown) => {
      if (command instanceof SendMessageBatchCommand) sent.push(command.input);
      return { Failed: [] };
    },
  });
  const jobs = Array.from({ length: 12 }, (_, index) => ({
    v: 1 as const,
    session: `s${index}`,
    conversation: "c",
    provider: index % 2 === 0 ? "slow" : "quick",
  }));

  await enqueueHooks({ client, url: "queue" }, jobs);

  const entries = sent.flatMap(({ Entries = [] }) => Entries);
  expect(sent.map(({ Entries }) => Entries?.length)).toEqual([10, 2]);
  expect(entries.map(({ MessageGroupId }) => MessageGroupId)).toEqual(jobs.map(({ provider }) => provider));
  expect(entries.map(({ MessageBody }) => JSON.parse(MessageBody ?? ""))).toEqual(jobs);
});

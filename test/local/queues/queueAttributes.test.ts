import { expect, it } from "vitest";
import { queueAttributes } from "../../../local/queues/createQueue.ts";

it("gives a queue's properties as the API takes them", () => {
  expect(
    queueAttributes({
      QueueName: "q.fifo",
      FifoQueue: true,
      VisibilityTimeout: 65,
      RedrivePolicy: { deadLetterTargetArn: "arn", maxReceiveCount: 10 },
    }),
  ).toEqual({
    FifoQueue: "true",
    VisibilityTimeout: "65",
    RedrivePolicy: '{"deadLetterTargetArn":"arn","maxReceiveCount":10}',
  });
  // The API takes no "false" for it.
  expect(queueAttributes({ FifoQueue: false })).toEqual({});
});

import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { SendBatch } from "../runtime/aws/postBatch.ts";
import type { Queue } from "../services/Services.ts";

/** Sends to a queue by AWS's SDK. */
export function sqsBatch({ client, url }: Queue): SendBatch {
  return async (entries) => {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [...entries] }));
    return Failed;
  };
}

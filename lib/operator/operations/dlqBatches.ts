import type { Message } from "@aws-sdk/client-sqs";
import { CommandFailed } from "../CommandFailed.ts";
import { parseDlqFilter } from "../filter/parseFilter.ts";
import { isDlqMessageMeant } from "../filter/queries.ts";
import { type DlqMessage, toDlqMessage } from "../inbound/DlqMessage.ts";
import { moveBack } from "../inbound/dlqMessages.ts";
import { dlqPages } from "../inbound/dlqPages.ts";
import type { Batch, BatchOptions } from "./Batch.ts";
import type { Scope, Tools } from "./Operation.ts";

/** A message that was moved back is dead again after half an hour at the earliest; clocks may differ by less. Milliseconds. */
const SLACK = 15 * 60_000;

/**
 * The messages of the inbound dead-letter queue that a bulk action is for, batch by batch. A queue has no place to go on
 * from: what is done is gone from it, so that to begin anew is to go on. What died since the plan is left for another one.
 *
 * @throws FilterError
 */
export async function* dlqBatches(tools: Tools, scope: Scope, { page }: BatchOptions): AsyncGenerator<Batch> {
  const { services, queues, config } = tools;
  if (!config) throw new CommandFailed("the messages' conversations can't be told without the config");
  const query = parseDlqFilter(scope.filter, scope.before);
  for await (const { messages, remove } of dlqPages(queues.inboundDlq, page)) {
    const meant: { readonly message: Message; readonly dlqMessage: DlqMessage }[] = [];
    for (const message of messages) {
      if (Number(message.Attributes?.SentTimestamp ?? 0) > scope.before + SLACK) continue;
      const dlqMessage = await toDlqMessage(services, config, message);
      if (isDlqMessageMeant(query, dlqMessage)) meant.push({ message, dlqMessage });
    }
    yield {
      targets: meant.map(({ dlqMessage: { id } }) => ({ dlqMessage: id })),
      facts: meant.map(({ dlqMessage: { acceptedAt, platform } }) => ({
        at: acceptedAt === null ? undefined : Date.parse(acceptedAt),
        whose: platform ?? "unknown",
      })),
      async act() {
        // One after the other: those of a conversation keep their order.
        for (const { message } of meant) {
          if (scope.verb === "redrive-inbound") await moveBack(queues.inbound, message);
          await remove(message);
        }
        return meant.map(({ dlqMessage: { id } }) => ({ dlqMessage: id }));
      },
    };
  }
}

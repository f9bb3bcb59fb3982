import type { Message } from "@aws-sdk/client-sqs";
import { CommandFailed } from "../CommandFailed.ts";
import { parseLetterFilter } from "../filter/parseFilter.ts";
import { isLetterMeant } from "../filter/queries.ts";
import { type InboundLetter, inboundLetter } from "../inbound/InboundLetter.ts";
import { letterPages } from "../inbound/letterPages.ts";
import { moveBack } from "../inbound/letters.ts";
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
export async function* letterBatches(tools: Tools, scope: Scope, { page }: BatchOptions): AsyncGenerator<Batch> {
  const { services, queues, config } = tools;
  if (!config) throw new CommandFailed("the messages' conversations can't be told without the config");
  const query = parseLetterFilter(scope.filter, scope.before);
  for await (const { messages, remove } of letterPages(queues.inboundDeadLetters, page)) {
    const meant: { readonly message: Message; readonly letter: InboundLetter }[] = [];
    for (const message of messages) {
      if (Number(message.Attributes?.SentTimestamp ?? 0) > scope.before + SLACK) continue;
      const letter = await inboundLetter(services, config, message);
      if (isLetterMeant(query, letter)) meant.push({ message, letter });
    }
    yield {
      targets: meant.map(({ letter: { id } }) => ({ letter: id })),
      facts: meant.map(({ letter: { acceptedAt, platform } }) => ({
        at: acceptedAt === null ? undefined : Date.parse(acceptedAt),
        whose: platform ?? "unknown",
      })),
      async act() {
        // One after the other: those of a conversation keep their order.
        for (const { message } of meant) {
          if (scope.verb === "redrive-inbound") await moveBack(queues.inbound, message);
          await remove(message);
        }
        return meant.map(({ letter: { id } }) => ({ letter: id }));
      },
    };
  }
}

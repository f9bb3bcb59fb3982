import { turnKey } from "../domain/Turn.ts";
import type { Services, Table } from "../services/Services.ts";
import { readConversation } from "../store/conversations.ts";
import { lookBack, type Past } from "../store/lookBack.ts";
import { loadTurns } from "../store/turns.ts";

/** Between two looks, milliseconds: a person does not notice it, and it is a query a look. */
const PAUSE = 100;

/**
 * Waits for the turn of a message, in whichever session it comes to lie.
 *
 * @param message its delivery, and when it was written (milliseconds since the epoch), where its platform says so. Without
 * it only the live session is searched
 * @param deadline when to give up, milliseconds since the epoch
 * @returns undefined when there was none by then
 */
export async function awaitTurn(
  services: Pick<Services, "table" | "clock" | "random">,
  conversation: string,
  message: { readonly messageId: string; readonly at?: number },
  deadline: number,
): Promise<NonNullable<Past["found"]> | undefined> {
  const { clock } = services;
  const { messageId, at } = message;
  const find = async () => {
    if (at === undefined) return findInLive(services.table, conversation, messageId);
    return (await lookBack(services, conversation, { turn: turnKey(at, messageId), at }, clock.now())).found;
  };
  for (;;) {
    const found = await find();
    if (found || clock.now() >= deadline) return found;
    await clock.until(Math.min(clock.now() + PAUSE, deadline));
  }
}

async function findInLive(table: Table, conversation: string, messageId: string): Promise<Past["found"]> {
  const { session } = (await readConversation(table, conversation)) ?? {};
  if (session === undefined) return undefined;
  const turn = (await loadTurns(table, session)).find((one) => one.messageId === messageId);
  return turn && { session, turn };
}

import type { InvariantMonitor, StoredTurn } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";

/** Whether a turn's user has switched memory off for it; `unknown` where a switch was begun more than once. */
export type Withheld = "yes" | "no" | "unknown";

/**
 * By what people said and were answered alone: off from a `/memory off` on, in each later session, until a `/memory on`;
 * and for the whole of a session in which the last switch was off.
 */
export function withheld(
  turn: StoredTurn,
  monitor: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
): Withheld {
  const { conversation, session, item, at } = turn;
  const user = userOf(item);
  const switches = switchesOf(monitor, conversation, user).filter((one) => one !== turn);
  if (!isCertain(monitor, messages, conversation, user)) return "unknown";
  const before = switches.filter((one) => one.at <= at).at(-1);
  const last = switches.filter((one) => one.session === session).at(-1);
  return [before, last].some((one) => one?.item.command === "memory off") ? "yes" : "no";
}

/** Whether a user's switch is surely off now. */
export function isOffNow(
  conversation: string,
  user: string,
  monitor: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
): boolean {
  const last = switchesOf(monitor, conversation, user).at(-1);
  return last?.item.command === "memory off" && isCertain(monitor, messages, conversation, user);
}

/** The switches that were answered, in the order in which that was stored. */
function switchesOf({ turns }: InvariantMonitor, conversation: string, user: string): readonly StoredTurn[] {
  return [...turns.values()]
    .flat()
    .filter((one) => one.conversation === conversation && userOf(one.item) === user)
    .filter(({ item }) => /^memory (on|off)$/.test(String(item.command)) && item.status === "done")
    .sort((a, b) => a.at - b.at);
}

/** Where a switch was begun twice its first attempt may have been carried out, too, and nobody was told when. */
function isCertain(
  { attempts }: InvariantMonitor,
  messages: ReadonlyMap<string, Message>,
  conversation: string,
  user: string,
): boolean {
  const all = [...messages.values()].filter(({ text }) => /^\/memory (on|off)$/.test(text));
  const theirs = all.filter((one) => one.user === user && conversation.includes(`/${one.chat}/`));
  return theirs.every(({ messageId }) => (attempts.get(messageId)?.length ?? 0) < 2);
}

function userOf({ user }: StoredTurn["item"]): string {
  return (user as { readonly id?: string } | undefined)?.id ?? "";
}

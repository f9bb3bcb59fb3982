import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor, StoredTurn } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import { memoryScope } from "./memoryScope.ts";
import { saidIn } from "./saidIn.ts";
import { withheld } from "./withheld.ts";

const PREFIX = "MEMORY#";

/** What people said of themselves is in `builtin`'s memory: theirs alone, of delivered sessions alone, the last word on it. */
export function checkMemories(
  { table }: Gateway,
  monitor: InvariantMonitor,
  sessions: ReadonlyMap<string, readonly StoredTurn[]>,
  messages: ReadonlyMap<string, Message>,
): void {
  const told = new Map<string, StoredTurn[]>();
  // Where an attempt wrote it and failed all the same, and the provider is gone by now, the hook stays dead. And where it
  // is not known whether its user's memory was off.
  const perhaps = new Set<StoredTurn>();
  for (const [session, stored] of sessions) {
    const { status } = monitor.hooks.get(`${session} builtin`) ?? {};
    if (status !== "delivered" && status !== "dead") continue;
    for (const turn of stored) {
      const message = messages.get(String(turn.item.messageId));
      if (!message || !isName(message) || turn.item.kind !== "turn") continue;
      const out = withheld(turn, monitor, messages);
      if (out === "yes") continue;
      const scope = memoryScope(message);
      told.set(scope, [...(told.get(scope) ?? []), turn]);
      if (status === "dead" || out === "unknown") perhaps.add(turn);
    }
  }
  const known = new Map<string, string>();
  for (const { pk, text } of table.items()) {
    if (!String(pk).startsWith(PREFIX) || !String(text).startsWith("Name: ")) continue;
    const scope = String(pk).slice(PREFIX.length);
    known.set(scope, String(text));
    const from = told.get(scope)?.find(({ item }) => item.text === `My name is ${String(text).slice("Name: ".length)}`);
    if (!from) monitor.violate("what is remembered was said to be remembered", `${scope}: ${text}`);
    else if (told.get(scope)?.some((other) => !perhaps.has(other) && isLater(other, from, messages)))
      monitor.violate("the last word on a thing is remembered", `${scope}: ${text}`);
    for (const message of saidIn(String(text), messages)) {
      if (memoryScope(message) !== scope) monitor.violate("nobody is told another's words", `${scope}: ${text}`);
    }
  }
  for (const [scope, turns] of told) {
    if (!known.has(scope) && !turns.every((turn) => perhaps.has(turn)))
      monitor.violate("what was said is remembered", scope);
  }
}

function isName({ text, role, origin }: Message): boolean {
  return text.startsWith("My name is ") && role === "user" && origin === "chat";
}

/** Whether it was surely said later. */
function isLater(one: StoredTurn, other: StoredTurn, messages: ReadonlyMap<string, Message>): boolean {
  const a = messages.get(String(one.item.messageId));
  const b = messages.get(String(other.item.messageId));
  return a !== undefined && b !== undefined && a.timed && b.timed && a.at > b.at;
}

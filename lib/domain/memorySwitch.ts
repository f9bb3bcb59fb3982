import * as v from "valibot";
import { isObject } from "./json.ts";
import { isByPerson, type StoredRow } from "./Turn.ts";

/**
 * A user's memory switch in a conversation, written by the `/memory` command alone. It has no TTL, and no retention
 * deletes it: no end of a session turns remembering on again.
 */
export const memorySwitchSchema = v.object({
  user: v.string(),
  memory: v.picklist(["on", "off"]),
  /** Another one with each write, so that a write that comes late is refused. */
  version: v.string(),
});

/** What a `/memory` command wishes, by what follows its name; undefined when it is neither. */
export function memoryWish(text: string): "on" | "off" | undefined {
  const wish = text.trim().toLowerCase();
  return wish === "on" || wish === "off" ? wish : undefined;
}

/**
 * The turns that memory providers may have, of all turns and commands of a session, oldest first. Left out are, with
 * their replies, those that were made while their user's memory switch was off, and all of a user who had it off at last;
 * and an answer that was recorded on its own, where what it follows is left out. Pure: a sealed session gives the same
 * at its sealing and at each delivery.
 */
export function remembered<Row extends StoredRow>(rows: readonly Row[]): readonly Row[] {
  const off = switchedOff(rows);
  let answersLeftOut = false;
  return rows.filter((row) => {
    if (row.kind !== "turn") return false;
    const user = userOf(row);
    // A scheduled post answers nobody.
    const isAnswer = user === undefined && !isByPerson(row) && row.origin === "chat";
    const isLeftOut = isAnswer ? answersLeftOut : row.memoryOff === true || (user !== undefined && off.has(user));
    answersLeftOut = isLeftOut;
    return !isLeftOut;
  });
}

/** Those whose last command in the session switched it off: the last one that was carried out, not the last written. */
function switchedOff(rows: readonly StoredRow[]): ReadonlySet<string> {
  const last = new Map<string, { readonly wish: "on" | "off"; readonly order: number }>();
  for (const row of rows) {
    const user = userOf(row);
    const wish = wishOf(row);
    const order = Number(row.switchOrder);
    if (user === undefined || wish === undefined || order < (last.get(user)?.order ?? 0)) continue;
    last.set(user, { wish, order });
  }
  return new Set([...last].filter(([, { wish }]) => wish === "off").map(([user]) => user));
}

function wishOf({ kind, status, command }: StoredRow): "on" | "off" | undefined {
  if (kind !== "command" || status !== "done" || typeof command !== "string") return undefined;
  return command.startsWith("memory ") ? memoryWish(command.slice("memory ".length)) : undefined;
}

function userOf({ user }: StoredRow): string | undefined {
  return isObject(user) && "id" in user && typeof user.id === "string" ? user.id : undefined;
}

import { isObject } from "../schema/isObject.ts";
import { isByPerson } from "./isByPerson.ts";
import { memoryWish } from "./memoryWish.ts";
import type { StoredRow } from "./StoredRow.ts";

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

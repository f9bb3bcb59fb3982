import * as v from "valibot";
import type { Table } from "../../services/Services.ts";
import { keyTail } from "../../store/keys.ts";
import type { SessionQuery } from "../filter/queries.ts";
import type { StateEntry } from "../findByState.ts";
import { type EntryReader, type Order, placesSchema, stateReader } from "./stateReader.ts";

/** Where a reader of sessions is: at an open one's id, and at places of the ended ones; null: not begun, or not wanted. */
export const sessionPlacesSchema = v.object({ open: v.nullable(v.string()), ended: v.nullable(placesSchema) });

export type SessionPlaces = v.InferOutput<typeof sessionPlacesSchema>;

/** Which sessions are read, and how. */
export interface SessionRange extends Pick<SessionQuery, "status" | "since" | "until"> {
  readonly order: Order;
  readonly from?: SessionPlaces | undefined;
}

/**
 * Reads sessions in the order of time: an ended one by its end, an open one by its start, which its id tells. The index
 * has open ones by when they are looked at, which changes; so all of them are read once, keys alone.
 */
export function sessionReader(table: Table, range: SessionRange): EntryReader<SessionPlaces> {
  const { status, order, from } = range;
  const ended =
    status === "open"
      ? undefined
      : stateReader(table, {
          ...{ state: "ENDED", kind: "SESSION#", order, since: range.since, until: range.until },
          ...(from?.ended ? { from: from.ended } : {}),
        });
  let open: StateEntry[] | undefined = status === "ended" ? [] : undefined;
  let openPlace = from?.open ?? null;
  let head: StateEntry | undefined;
  let endedPlace = from?.ended ?? null;
  const isBefore = (a: StateEntry, b: StateEntry) =>
    order === "newest" ? a.at > b.at || (a.at === b.at && a.sk > b.sk) : a.at < b.at || (a.at === b.at && a.sk < b.sk);
  return {
    async next() {
      open ??= await readOpen(table, range, openPlace);
      head ??= await ended?.next();
      const [first] = open;
      if (first && (!head || isBefore(first, head))) {
        open.shift();
        openPlace = keyTail(first.sk);
        return first;
      }
      const taken = head;
      head = undefined;
      endedPlace = ended?.position() ?? null;
      return taken;
    },
    position: () => ({ open: openPlace, ended: endedPlace }),
  };
}

async function readOpen(table: Table, range: SessionRange, behind: string | null): Promise<StateEntry[]> {
  const { order, since = 0, until = Number.POSITIVE_INFINITY } = range;
  const reader = stateReader(table, { state: "DUE", kind: "SESSION#", order });
  const found: StateEntry[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const id = keyTail(entry.sk);
    const at = ulidTime(id);
    if (at < since || at > until || (behind !== null && (order === "newest" ? id >= behind : id <= behind))) continue;
    found.push({ ...entry, at });
  }
  return found.sort((a, b) => (a.sk < b.sk === (order === "newest") ? 1 : -1));
}

/** Crockford's base32, in the order of its values. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** When a ULID was made, milliseconds since the epoch; 0 when it is none. */
function ulidTime(id: string): number {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) return 0;
  return [...id.slice(0, 10)].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);
}

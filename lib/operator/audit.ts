import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Services } from "../services/Services.ts";
import { stateKey } from "../store/dueIndex.ts";
import { auditItem } from "../store/keys.ts";
import { VERSION } from "../store/versions.ts";

/** What an operator did, or set about doing: it is written before the act. */
export const auditEntrySchema = v.object({
  id: v.string(),
  /** Milliseconds since the epoch. */
  at: v.number(),
  /** The AWS caller, or the user of this machine. */
  who: v.string(),
  /** Such as `hooks redrive`. */
  action: v.string(),
  /** What it was done to: a filter, a session, a hook. Nobody's words, and no user's id. */
  target: v.string(),
  why: v.exactOptional(v.string()),
  /** The id of the bulk action that this began or touched. */
  operation: v.exactOptional(v.string()),
});

export type AuditEntry = v.InferOutput<typeof auditEntrySchema>;

/** How long records of what operators did are kept, milliseconds: a year and a month, so that a yearly review has its year. */
const KEPT = 396 * 24 * 3_600_000;

/** The TTL of a record that is written now, seconds since the epoch. @param now milliseconds since the epoch */
export function recordExpiry(now: number): number {
  return Math.floor((now + KEPT) / 1000);
}

/** Writes down what an operator sets about doing. */
export async function recordAudit(
  { table, clock, newId }: Pick<Services, "table" | "clock" | "newId">,
  entry: Omit<AuditEntry, "id" | "at">,
): Promise<AuditEntry> {
  const at = clock.now();
  const written: AuditEntry = { id: newId(), at, ...entry };
  const Item = {
    ...auditItem(written.id),
    v: VERSION,
    ...written,
    state: stateKey("AUDIT", written.id),
    expiresAt: recordExpiry(at),
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
  return written;
}

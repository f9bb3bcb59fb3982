import type * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { unpackWords } from "../domain/storedWords.ts";
import { TURN_PREFIX } from "../domain/Turn.ts";
import { VesperError } from "../domain/VesperError.ts";

/**
 * The version of items and jobs that this code writes, as their `v`, and the newest that it understands. An attribute
 * that may be left out without changing what the others mean needs no new version; everything else does.
 */
export const VERSION = 1;

/** That of a turn whose words are packed, which version 1 would take for unreadable. */
export const PACKED_VERSION = 2;

/** The newest version that this code understands of an item, by its key, or of a job, which has none. */
export function knownVersion({ sk }: { readonly sk?: unknown; readonly v?: unknown }): number {
  return String(sk).startsWith(TURN_PREFIX) ? PACKED_VERSION : VERSION;
}

/** An item or a job was written by newer code: after a deploy back, or while two versions run side by side. */
export class NewerVersion extends VesperError {
  override readonly name = "NewerVersion";
  /** The newer code will come, or come back. */
  readonly retry = true;

  constructor(found: number, known: number) {
    super(`version ${found} was found, newer than ${known}: deploy its code`);
  }
}

/** Makes sure that this code understands an item or a job, by its `v`. @throws NewerVersion */
export function checkVersion(value: unknown): void {
  if (typeof value !== "object" || value === null || !("v" in value)) return;
  const known = knownVersion(value);
  if (typeof value.v === "number" && value.v > known) throw new NewerVersion(value.v, known);
}

/**
 * Parses an item or a job, the words of a turn unpacked. Attributes that the schema does not know are dropped from what is read, and stay in the table.
 *
 * @throws NewerVersion before the schema has its say: what is newer may look like something else
 */
export function parseVersioned<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  checkVersion(value);
  return parse(schema, unpackWords(value));
}

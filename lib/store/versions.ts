import type * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { VesperError } from "../domain/VesperError.ts";

/**
 * The version of items and jobs that this code writes, as their `v`, and the newest that it understands. An attribute
 * that may be left out without changing what the others mean needs no new version; everything else does.
 */
export const VERSION = 1;

/** An item or a job was written by newer code: after a deploy back, or while two versions run side by side. */
export class NewerVersion extends VesperError {
  override readonly name = "NewerVersion";
  /** The newer code will come, or come back. */
  readonly retry = true;

  constructor(found: number) {
    super(`version ${found} was found, but this code knows ${VERSION} at most; it is left as it is: deploy newer code`);
  }
}

/** Makes sure that this code understands an item or a job, by its `v`. @throws NewerVersion */
export function checkVersion(value: unknown): void {
  if (typeof value !== "object" || value === null || !("v" in value)) return;
  if (typeof value.v === "number" && value.v > VERSION) throw new NewerVersion(value.v);
}

/**
 * Parses an item or a job. Attributes that the schema does not know are dropped from what is read, and stay in the table.
 *
 * @throws NewerVersion before the schema has its say: what is newer may look like something else
 */
export function parseVersioned<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  checkVersion(value);
  return parse(schema, value);
}

import type * as v from "valibot";
import { parse } from "../schema/parse.ts";
import { checkVersion } from "./checkVersion.ts";

/**
 * Parses an item or a job. Attributes that the schema does not know are dropped from what is read, and stay in the table.
 *
 * @throws NewerVersion before the schema has its say: what is newer may look like something else
 */
export function parseVersioned<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  checkVersion(value);
  return parse(schema, value);
}

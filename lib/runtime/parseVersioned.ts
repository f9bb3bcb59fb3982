import type * as z from "zod/mini";
import { checkVersion } from "./checkVersion.ts";

/**
 * Parses an item or a job. Attributes that the schema does not know are dropped from what is read, and stay in the table.
 *
 * @throws NewerVersion before the schema has its say: what is newer may look like something else
 */
export function parseVersioned<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  checkVersion(value);
  return schema.parse(value);
}

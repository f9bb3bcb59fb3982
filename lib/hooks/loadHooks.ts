import { parseVersioned } from "../runtime/parseVersioned.ts";
import type { Table } from "../runtime/Services.ts";
import { type Hook, hookSchema } from "./Hook.ts";
import { queryHooks } from "./queryHooks.ts";

/** A session's hook rows, by provider name (a consistent read). */
export async function loadHooks(table: Table, session: string): Promise<readonly Hook[]> {
  return (await queryHooks(table, session)).map((item) => parseVersioned(hookSchema, item));
}

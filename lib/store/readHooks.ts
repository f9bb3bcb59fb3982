import { type Hook, hookSchema } from "../domain/Hook.ts";
import type { Table } from "../services/Services.ts";
import { pagesOf } from "./pagesOf.ts";
import { parseVersioned } from "./versions.ts";

/** A session's hook rows, by provider name (a consistent read). */
export async function loadHooks(table: Table, session: string): Promise<readonly Hook[]> {
  return (await queryHooks(table, session)).map((item) => parseVersioned(hookSchema, item));
}

/** A session's hook rows as they stand in the table, by provider name (a consistent read). */
export async function queryHooks(table: Table, session: string): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of pagesOf(table, `SESSION#${session}`, "HOOK#")) items.push(...(page.Items ?? []));
  return items;
}

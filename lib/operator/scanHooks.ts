import type { Hook } from "../hooks/Hook.ts";
import type { ReadServices } from "../runtime/readItems.ts";
import type { HookQuery } from "./filter/HookQuery.ts";
import { listHooks } from "./listHooks.ts";
import type { Order } from "./pages/stateReader.ts";
import type { UnreadRow } from "./parseRows.ts";

/** Hooks of one page: four batches of a hundred rows. */
const PAGE = 400;

/** Some of a query's hooks. */
export interface HookBatch {
  readonly hooks: readonly Hook[];
  readonly unread: readonly UnreadRow[];
  /** Where the next batch begins; absent: this is the last one. */
  readonly next?: string;
}

/** Every hook that a query means, batch by batch. `cursor`: the `next` of an earlier batch. @throws CursorError */
export async function* scanHooks(
  services: ReadServices,
  query: HookQuery,
  {
    order = "oldest",
    cursor,
    page = PAGE,
  }: { readonly order?: Order; readonly cursor?: string; readonly page?: number } = {},
): AsyncGenerator<HookBatch> {
  let from = cursor;
  do {
    const batch: HookBatch = await listHooks(services, { ...query, order, limit: page, cursor: from });
    yield batch;
    from = batch.next;
  } while (from !== undefined);
}

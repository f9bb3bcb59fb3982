/**
 * Runs `task` for every item, at most `limit` at once. After a failure none is begun any more; rejects with the first
 * failure once those under way have ended.
 */
export async function mapConcurrently<Item>(
  items: Iterable<Item>,
  limit: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const worker = async () => {
    while (!failure) {
      try {
        const next = queue.next();
        if (next.done) return;
        await task(next.value);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failure) throw failure.reason;
}

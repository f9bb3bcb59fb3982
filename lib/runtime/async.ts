/**
 * Runs `task` with a signal that aborts after `timeout` milliseconds, and rejects with `late` then even if the task does
 * not listen.
 */
export async function withTimeout<Result>(
  timeout: number,
  late: Error,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    // First: a task that listens rejects with an error of its own.
    reject(late);
    controller.abort(late);
  }, timeout);
  try {
    return await Promise.race([task(controller.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}

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

/** Makes the value when it is first asked for, and keeps it; a failure is not kept. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

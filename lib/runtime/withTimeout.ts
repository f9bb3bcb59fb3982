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

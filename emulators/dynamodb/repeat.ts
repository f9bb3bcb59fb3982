/**
 * Does some work again and again, `interval` milliseconds after the end of the last time; 0: never.
 *
 * @returns stops it; resolves when work that is under way has ended
 */
export function repeat(interval: number, work: () => Promise<void>): () => Promise<void> {
  if (interval === 0) return async () => {};
  let running = Promise.resolve();
  let stopped = false;
  let timer = schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => {
      // One failure, of a disk for example, must not end the process or the repetition; the log tells of it.
      running = work()
        .catch((error) => console.error(error))
        .then(() => {
          if (!stopped) timer = schedule();
        });
    }, interval).unref();
  }
}

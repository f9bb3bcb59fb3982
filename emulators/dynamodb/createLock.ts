/** Runs one piece of work after the other, in the order of the calls. */
export type Lock = <T>(work: () => Promise<T>) => Promise<T>;

/** A lock that nobody holds. */
export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // The next in line waits for the end, however it comes; the error is the caller's.
    last = result.catch(() => undefined);
    return result;
  };
}

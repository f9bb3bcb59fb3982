/** Milliseconds by which the clock is ahead: one 64-bit integer, which the runner writes and its threads read. */
export type SharedOffset = SharedArrayBuffer;

/** Makes the place of the offset. It says 0. */
export function createOffset(): SharedOffset {
  return new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
}

/** Sets by how many milliseconds the clock is ahead, in every thread that was given the place. */
export function setOffset(offset: SharedOffset, by: number): void {
  Atomics.store(new BigInt64Array(offset), 0, BigInt(by));
}

/**
 * From now on `Date.now()` and `new Date()` of this thread say the moved time. Timers wait as long as ever. The whole
 * `Date`, and not the code's clock alone: what a team's own adapter asks must agree with it.
 *
 * @returns puts the machine's clock back
 */
export function moveDate(offset: SharedOffset): Disposable {
  const Real = globalThis.Date;
  const ahead = new BigInt64Array(offset);
  const now = () => Real.now() + Number(Atomics.load(ahead, 0));
  const Moved = new Proxy(Real, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new Real(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  globalThis.Date = Moved;
  return {
    [Symbol.dispose]() {
      if (globalThis.Date === Moved) globalThis.Date = Real;
    },
  };
}

import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import type { Timeline } from "./Timeline.ts";

/**
 * Puts `setTimeout` and `clearTimeout` of this thread onto a timeline, so that the real code's time limits pass in
 * virtual time. Answers how to undo it.
 */
export function virtualTimers(timeline: Timeline): () => void {
  const pending = new Map<number, () => void>();
  let count = 0;
  const set = (run: () => void, milliseconds = 0) => {
    const id = ++count;
    const cancel = timeline.after(milliseconds, () => {
      pending.delete(id);
      timeline.wake();
      run();
    });
    pending.set(id, cancel);
    return id;
  };
  const clear = (id: number) => {
    pending.get(id)?.();
    pending.delete(id);
  };
  return replace({ setTimeout: set, clearTimeout: clear });
}

/** Some packages take the timers from the module, others from the global object. */
function replace(by: Readonly<Record<string, unknown>>): () => void {
  const { setTimeout, clearTimeout } = timers;
  const put = (functions: Readonly<Record<string, unknown>>) => {
    Object.assign(globalThis, functions);
    Object.assign(timers, functions);
    syncBuiltinESMExports();
  };
  put(by);
  return () => put({ setTimeout, clearTimeout });
}

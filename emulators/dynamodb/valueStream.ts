import { Stream } from "node:stream";
import type { Values } from "./dynalite.ts";

// Enough that a page of small items takes few round trips to the store, little enough to throw away.
const CHUNK = 64;

/**
 * What the store reads, as an old-style stream, which is what dynalite's actions consume.
 * dynalite's own streams never close the store's iterator, so each query would pin a snapshot until the end.
 *
 * @param onValue sees each value before the reader does
 */
export function valueStream<T>(values: Values<T>, onValue: (value: T) => void = () => {}): Stream {
  let stopped = false;
  const stream = Object.assign(new Stream(), {
    destroy() {
      stopped = true;
    },
  });
  void pump();
  return stream;

  async function pump(): Promise<void> {
    try {
      for (;;) {
        const chunk = await values.nextv(CHUNK);
        for (const value of chunk) {
          if (stopped) return;
          onValue(value);
          stream.emit("data", value);
        }
        if (stopped) return;
        if (chunk.length === 0) break;
      }
      stream.emit("end");
    } catch (error) {
      // The reader is dynalite: an error of its own, thrown while it took a value, ends the request too.
      stream.emit("error", error);
    } finally {
      await values.close();
    }
  }
}

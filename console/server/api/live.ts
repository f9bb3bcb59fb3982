import type { TailEvent } from "../../../lib/operator/tail/describeChange.ts";
import { tailTable } from "../../../lib/operator/tail/tailTable.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";

/** What is kept for a page that reads more slowly than things happen. */
const MOST_WAITING = 1_000;

/** Between two lines that only say that the stream is alive, milliseconds. */
const HEARTBEAT = 15_000;

/** One page that listens. */
interface Listener {
  readonly follows: boolean;
  readonly waiting: TailEvent[];
  wake(): void;
}

/**
 * What happens now, as a stream of events. Every page shares one reader of the table's stream. Of a deployed gateway that is
 * read only for those who ask for it (`follow=1`): a shard is meant for two readers, of which the gateway is one, and a
 * third makes it wait.
 */
export function liveApi({ gateway, signal }: ApiContext, onError: (error: unknown) => void): Api {
  const listeners = new Set<Listener>();
  let reader: AbortController | undefined;
  const read = async (stop: AbortController) => {
    try {
      const ends = AbortSignal.any([signal, stop.signal]);
      for await (const event of tailTable(gateway.address, gateway.services.clock, ends)) {
        for (const { waiting, wake } of listeners) {
          if (waiting.push(event) > MOST_WAITING) waiting.shift();
          wake();
        }
      }
    } catch (error) {
      onError(error);
    } finally {
      if (reader === stop) reader = undefined;
    }
  };
  return {
    "GET /api/live": async ({ query, signal: gone }) =>
      events(AbortSignal.any([gone, signal]), query.get("follow") === "1" || !gateway.address.deployment),
  };

  async function* events(ends: AbortSignal, follows: boolean): AsyncGenerator<TailEvent | { readonly what: "alive" }> {
    let wake = () => {};
    const listener: Listener = { follows, waiting: [], wake: () => wake() };
    listeners.add(listener);
    if (!reader && follows) {
      reader = new AbortController();
      void read(reader);
    }
    const onEnd = () => wake();
    ends.addEventListener("abort", onEnd);
    try {
      yield { what: "alive" };
      while (!ends.aborted) {
        const next = listener.waiting.shift();
        if (next) {
          yield next;
          continue;
        }
        const isAwake = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), HEARTBEAT);
          wake = () => {
            clearTimeout(timer);
            resolve(true);
          };
        });
        if (!isAwake) yield { what: "alive" };
      }
    } finally {
      ends.removeEventListener("abort", onEnd);
      listeners.delete(listener);
      if (![...listeners].some((one) => one.follows)) reader?.abort();
    }
  }
}

import { useEffect, useState } from "preact/hooks";
import type { TailEvent } from "../../../lib/operator/tail/describeChange.ts";
import { stream } from "./call.ts";

/** Events that are shown at the most. */
const MOST = 60;

/** What happens fast is shown together: between two updates of the page, milliseconds. */
const PAUSE = 250;

/** Before the stream is opened again, milliseconds. */
const AGAIN = 2_000;

/** An event with a number of its own, so that its row on the page stays the same one. */
export type LiveEvent = TailEvent & { readonly key: number };

interface Live {
  readonly isOpen: boolean;
  /** Whether the stream of a deployed gateway's table is read for this page. */
  readonly isFollowing: boolean;
  /** Grows with whatever happened. */
  readonly version: number;
  /** Newest first. */
  readonly events: readonly LiveEvent[];
}

let live: Live = { isOpen: false, isFollowing: false, version: 0, events: [] };
const listeners = new Set<(live: Live) => void>();
let _timer: ReturnType<typeof setTimeout> | undefined;
let keys = 0;
let opened = new AbortController();

/** What happens now, and a number that grows with it. */
export function useLive(): Live {
  const [state, setState] = useState(live);
  useEffect(() => {
    setState(live);
    listeners.add(setState);
    return () => void listeners.delete(setState);
  }, []);
  return state;
}

/** Tells the page that something has changed, as after an act of its own. */
export function touch(): void {
  publish({ version: live.version + 1 });
}

/** Has the stream of a deployed gateway's table read for this page, or not any more. */
export function setFollowing(isFollowing: boolean): void {
  publish({ isFollowing });
  opened.abort();
}

/** Follows what happens until the page goes. */
export async function followLive(): Promise<never> {
  for (;;) {
    opened = new AbortController();
    const { signal } = opened;
    const path = live.isFollowing ? "/api/live?follow=1" : "/api/live";
    try {
      for await (const event of stream<TailEvent | { readonly what: "alive" }>(path, signal)) {
        if (event.what === "alive") publish({ isOpen: true });
        else
          publish({
            isOpen: true,
            version: live.version + 1,
            events: [{ ...event, key: keys++ }, ...live.events].slice(0, MOST),
          });
      }
    } catch {
      // It is opened again below; meanwhile the page says that it is not live.
    }
    if (signal.aborted) continue;
    publish({ isOpen: false });
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

function publish(changes: Partial<Live>): void {
  live = { ...live, ...changes };
  _timer ??= setTimeout(() => {
    _timer = undefined;
    for (const listener of listeners) listener(live);
  }, PAUSE);
}

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { CallFailed, call } from "./call.ts";
import { useLive } from "./live.ts";

/** What is known of a call's answer. */
export interface Called<Answer> {
  /** The last answer; stays while it is asked anew. */
  readonly data: Answer | undefined;
  readonly error: CallFailed | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/**
 * Asks the console for what the page shows, and anew when something has happened.
 *
 * @param path undefined: nothing is asked
 * @param every also after so many milliseconds
 */
export function useCall<Answer>(
  path: string | undefined,
  { every, isLive = true }: { readonly every?: number; readonly isLive?: boolean } = {},
): Called<Answer> {
  const { version } = useLive();
  const [state, setState] = useState<{ readonly path?: string; readonly data?: Answer; readonly error?: CallFailed }>(
    {},
  );
  const [round, setRound] = useState(0);
  const isAsking = useRef<string>(undefined);
  const isStale = useRef(false);

  const ask = useCallback(async (path: string) => {
    // One call at a time: what happens meanwhile is asked for behind it.
    if (isAsking.current === path) {
      isStale.current = true;
      return;
    }
    isAsking.current = path;
    do {
      isStale.current = false;
      try {
        const data = await call<Answer>(path);
        if (isAsking.current === path) setState({ path, data });
      } catch (error) {
        const failed = error instanceof CallFailed ? error : new CallFailed(0, String(error));
        if (isAsking.current === path) setState((old) => ({ ...(old.path === path ? old : {}), path, error: failed }));
      }
    } while (isStale.current && isAsking.current === path);
    if (isAsking.current === path) isAsking.current = undefined;
  }, []);

  useEffect(() => {
    if (path === undefined) return;
    void ask(path);
    if (every === undefined) return;
    const timer = setInterval(() => void ask(path), every);
    return () => clearInterval(timer);
  }, [path, every, round, isLive ? version : 0, ask]);

  const isOwn = state.path === path;
  return {
    data: isOwn ? state.data : undefined,
    error: isOwn ? state.error : undefined,
    isLoading: path !== undefined && !isOwn,
    reload: useCallback(() => setRound((number) => number + 1), []),
  };
}

import type { Services } from "../../lib/services/Services.ts";
import { loadHooks } from "../../lib/store/readHooks.ts";
import { readSession } from "../../lib/store/sessions.ts";
import { isSettled, type SessionState, sessionNews } from "./sessionNews.ts";

/** Between two looks, milliseconds: two small reads a look. */
const PAUSE = 500;

/** A session to follow. */
export interface Followed {
  /** The conversation's key. */
  readonly conversation: string;
  readonly session: string;
  /** Told what happens, a line each, and how things stand. */
  readonly tell: (news: readonly string[], state: SessionState) => void;
}

/** Tells what becomes of a session until all its hooks are delivered or skipped, it is gone, or the signal aborts. */
export async function followSession(
  { table, clock }: Pick<Services, "table" | "clock">,
  { conversation, session: id, tell }: Followed,
  signal: AbortSignal,
): Promise<void> {
  let before: SessionState | undefined;
  while (!signal.aborted) {
    const session = await readSession(table, conversation, id);
    if (!session) return;
    const state = { session, hooks: session.status === "ended" ? await loadHooks(table, id) : [] };
    const news = sessionNews(before, state, clock.now());
    if (news.length > 0 && !signal.aborted) tell(news, state);
    if (isSettled(state)) return;
    before = state;
    await clock.until(clock.now() + PAUSE);
  }
}

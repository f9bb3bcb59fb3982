import { truncate } from "../../lib/adapter/text/truncate.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import type { Session } from "../../lib/domain/Session.ts";
import { singleLine, when } from "../../lib/operator/plain.ts";

/** The most of another side's words that is shown, characters. */
const WORDS = 120;

/** A session and its hooks as they were read. */
export interface SessionState {
  readonly session: Session;
  readonly hooks: readonly Hook[];
}

/** What has happened between two looks at a session, one line each. @param before undefined: it has just begun */
export function sessionNews(before: SessionState | undefined, after: SessionState, now: number): readonly string[] {
  const { session, status, reason, turns = 0 } = after.session;
  const isEnd = status === "ended" && before?.session.status !== "ended";
  return [
    ...(isEnd ? [`session ${session} ended: ${reason}, ${turns} turn${turns === 1 ? "" : "s"}`] : []),
    ...after.hooks.flatMap((hook) => {
      const news = hookNews(
        before?.hooks.find(({ provider }) => provider === hook.provider),
        hook,
        now,
      );
      return news === undefined ? [] : [`${hook.provider}: ${news}`];
    }),
  ];
}

/** Whether nothing more can happen to it by itself or by an operator. */
export function isSettled({ session, hooks }: SessionState): boolean {
  return session.status === "ended" && hooks.every(({ status }) => status === "delivered" || status === "skipped");
}

function hookNews(before: Hook | undefined, hook: Hook, now: number): string | undefined {
  const failure = hook.failures.at(-1);
  const why = failure && truncate(singleLine([failure.kind, failure.message].join(", ")), WORDS);
  if (hook.status !== before?.status) {
    if (hook.status === "delivered")
      return `delivered${hook.receipt?.body ? `: ${truncate(singleLine(hook.receipt.body), WORDS)}` : ""}`;
    if (hook.status === "skipped") return `skipped: ${hook.skipped}`;
    if (hook.status === "dead") {
      return `dead: ${why}; mend the cause, then: npx vesper hooks redrive ${hook.session} ${hook.provider}`;
    }
    if (before?.status === "dead") return "pending again";
  }
  if (hook.accepted && !before?.accepted && hook.status === "pending") return "accepted, and at work";
  const isNew = failure !== undefined && failure.at !== before?.failures.at(-1)?.at;
  return isNew && hook.status === "pending"
    ? `failed: ${why}; ${hook.accepted ? "asked again" : "next attempt"} ${when(hook.nextAttemptAt, now)}`
    : undefined;
}

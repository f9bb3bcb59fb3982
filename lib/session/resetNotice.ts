import type { EndReason } from "./EndReason.ts";

const CAUSES: Readonly<Record<EndReason, string>> = {
  idle: "the last one ended after a while without a message",
  daily: "the last one ended with the day",
  "max-age": "the last one had reached its longest duration",
  "max-size": "the last one had reached its largest size",
  reset: "the last one was reset",
  api: "the last one was ended by an operator",
  recovered: "the last one had ended",
};

/** What a user is told before the first reply of a new session: that it is new, and the true reason. */
export function resetNotice(reason: EndReason | undefined): string {
  return `(A new conversation: ${CAUSES[reason ?? "recovered"]}.)`;
}

import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how a reply is sent. */
export const REPLY_FAULTS: readonly DeliberateFault[] = [
  {
    name: "a platform that is unwell is taken for one that refuses",
    file: "lib/message/sendPieces.ts",
    find: 'if (kind === "gone") return { next: "end" };',
    by: 'if (kind === "gone" || kind === "transient") return { next: "end" };',
  },
  {
    name: "a refused piece takes those behind it along",
    file: "lib/message/sendPieces.ts",
    find: 'if (kind === "invalid") return { next: "drop" };',
    by: 'if (kind === "invalid") return { next: "end" };',
  },
  {
    name: "a platform's wait is cut to fifteen minutes",
    file: "lib/message/sendPieces.ts",
    find: "Math.min(retryAfter, LONGEST_NOTED)",
    by: "Math.min(retryAfter, 900_000)",
  },
  {
    name: "a platform's wait is not looked at by the replies behind it",
    file: "lib/message/sendReply.ts",
    find: "heldUntil([turn, ...others])",
    by: "heldUntil([turn, ...others.slice(others.length)])",
  },
  {
    name: "a reply is left to an operator after one try",
    file: "lib/message/sendPieces.ts",
    find: "const MOST_TRIES = 10;",
    by: "const MOST_TRIES = 1;",
  },
  {
    name: "a failed reply is not to be found",
    file: "lib/message/settleReply.ts",
    find: 'isFailed ? stateKey("UNSENT", session) : undefined',
    by: "undefined",
  },
  {
    name: "a reply that nobody received was said",
    file: "lib/message/settleReply.ts",
    find: "if (undelivered === undefined && missing.every(({ isNotice }) => isNotice)) return reply;",
    by: "if (undelivered === undefined) return reply;",
  },
  {
    name: "words change after the session's end",
    file: "lib/message/settleReply.ts",
    find: 'live === "ended" ? await conditionHeld(updateItem(table, update({ undelivered: afterwards }))) : live === "done"',
    by: 'live === "ended" ? await conditionHeld(updateItem(table, { ...whileLive, undelivered: afterwards })) : live === "done"',
  },
  {
    name: "what is sent again is not taken off the list",
    file: "lib/message/settleReply.ts",
    find: "if (missing.length === 0 && undelivered === undefined)",
    by: "if (missing.length === 0)",
  },
];

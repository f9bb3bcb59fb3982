import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how a session begins, goes on and ends. */
export const SESSION_FAULTS: readonly DeliberateFault[] = [
  {
    name: "the claim does not look whether the conversation has changed",
    file: "lib/store/conversations.ts",
    find: '"#session = :wasSession AND #lease.id = :wasLease"',
    by: '"attribute_exists(pk) OR #session = :wasSession OR #lease.id = :wasLease"',
  },
  {
    name: "a session starts without its row",
    file: "lib/message/claim.ts",
    find: "await putSession(table, row, nextVisit(next, now));",
    by: 'await putSession(table, read ? row : { ...row, conversation: "elsewhere" }, nextVisit(next, now));',
  },
  {
    name: "a session's row is not due",
    file: "lib/store/sessions.ts",
    find: "v: VERSION, ...session, ...waiting }",
    by: "v: VERSION, ...session }",
  },
  {
    name: "a session may end under a running turn",
    file: "lib/message/claim.ts",
    find: "Math.max(end.at, until)",
    by: "end.at",
  },
  {
    name: "nobody waits for the turn lease",
    file: "lib/message/decide.ts",
    find: "if (!leaseIsFree && lease.until > now)",
    by: "if (!leaseIsFree && lease.until > now + 1e12)",
  },
  {
    name: "a retried reset resets again",
    file: "lib/message/decide.ts",
    find: "if (startedBy === message.turn)",
    by: 'if (startedBy === "nothing")',
  },
  {
    name: "a message goes on with a session that has expired",
    file: "lib/message/decide.ts",
    find: "if (message.receivedAt >= end)",
    by: "if (message.receivedAt >= end + 600_000)",
  },
  {
    name: "the sweep deletes a conversation that has gone on",
    file: "lib/store/conversations.ts",
    find: '        ConditionExpression: "#session = :session AND lease.id = :lease",',
    by: '        ConditionExpression: "#session = :session OR lease.id = :lease",',
  },
  {
    name: "an operator ends a session under a running turn",
    file: "lib/store/endLive.ts",
    find: "if (read.lease.until > now &&",
    by: "if (read.lease.until > now + 1e12 &&",
  },
  {
    name: "every message of a person resets",
    file: "lib/message/decide.ts",
    find: "if (message.resets && !isEmpty) return",
    by: "if (message.receivedAt > 0) return",
  },
  {
    name: "the longest age is half of what it should be",
    file: "lib/domain/deadline.ts",
    find: "session.startedAt + policy.maxAge",
    by: "session.startedAt + policy.maxAge / 2",
  },
  {
    name: "the day ends twenty minutes early",
    file: "lib/domain/deadline.ts",
    find: "session.lastActivityAt - later) + later",
    by: "session.lastActivityAt - later) + later - 1_200_000",
  },
  {
    name: "a session idles for ten times as long",
    file: "lib/domain/deadline.ts",
    find: "session.lastActivityAt + policy.idle",
    by: "session.lastActivityAt + policy.idle * 10",
  },
  {
    name: "every end is called a reset",
    file: "lib/store/sessions.ts",
    find: '":reason": reason,',
    by: '":reason": "reset",',
  },
  {
    name: "every session that expired is called too old",
    file: "lib/expiry/sealFromStream.ts",
    find: 'reason: expiresWhy ?? "idle", endedAt',
    by: 'reason: "max-age", endedAt',
  },
  {
    name: "a second reset ends the session that the first began",
    file: "lib/message/decide.ts",
    find: "if (message.resets && !isEmpty) return",
    by: "if (message.resets) return",
  },
];

/** A fault to be put into the protocol: in `file`, `find` (which stands there once) is replaced by `by`. */
export interface DeliberateFault {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly by: string;
}

/** Faults that somebody might make: a condition dropped, an order swapped, an error swallowed, a time forgotten. */
export const DELIBERATE_FAULTS: readonly DeliberateFault[] = [
  {
    name: "the claim does not look whether the conversation has changed",
    file: "lib/session/writeConversation.ts",
    find: '"#session = :wasSession AND #lease.id = :wasLease"',
    by: '"attribute_exists(pk) OR #session = :wasSession OR #lease.id = :wasLease"',
  },
  {
    name: "a session starts without its row",
    file: "lib/session/claim.ts",
    find: "const key = sessionItem(claimant.conversation, session);",
    by: 'const key = sessionItem(read ? claimant.conversation : "elsewhere", session);',
  },
  {
    name: "a session's row is not due",
    file: "lib/session/claim.ts",
    find: "Item: { ...key, v: VERSION, ...row, ...waiting }",
    by: "Item: { ...key, v: VERSION, ...row }",
  },
  {
    name: "a session may end under a running turn",
    file: "lib/session/claim.ts",
    find: "Math.max(end.at, until)",
    by: "end.at",
  },
  {
    name: "nobody waits for the turn lease",
    file: "lib/session/decide.ts",
    find: "if (!leaseIsFree && lease.until > now)",
    by: "if (!leaseIsFree && lease.until > now + 1e12)",
  },
  {
    name: "a retried reset resets again",
    file: "lib/session/decide.ts",
    find: "if (startedBy === message.turn)",
    by: 'if (startedBy === "nothing")',
  },
  {
    name: "a message goes on with a session that has expired",
    file: "lib/session/decide.ts",
    find: "if (message.receivedAt >= end)",
    by: "if (message.receivedAt >= end + 600_000)",
  },
  {
    name: "nobody looks back for a redelivery's turn",
    file: "lib/session/takeTurn.ts",
    find: "const found = turns.find(({ sk }) => sk === turn);",
    by: "const found = turns.find(({ sk }) => sk === turn);\n  if (!found) return {};",
  },
  {
    name: "a redelivery is answered again",
    file: "lib/session/takeTurn.ts",
    find: "if (turn.carrier !== job.carrier)",
    by: "if (turn.carrier === job.carrier + job.carrier)",
  },
  {
    name: "a redelivery has a time of its own",
    file: "lib/session/messageTime.ts",
    find: "return Number(parse(storedSchema",
    by: "if (job.receivedAt > 0) return job.receivedAt;\n    return Number(parse(storedSchema",
  },
  {
    name: "the sweep deletes a conversation that has gone on",
    file: "lib/session/expireConversation.ts",
    find: 'ConditionExpression: "#session = :session AND lease.id = :lease",',
    by: 'ConditionExpression: "#session = :session OR lease.id = :lease",',
  },
  {
    name: "the sweep comes a minute early",
    file: "lib/session/visitSession.ts",
    find: "read.expiresAt * 1000 <= now",
    by: "read.expiresAt * 1000 <= now + 60_000",
  },
  {
    name: "a lost end is not sealed by the sweep",
    file: "lib/session/visitSession.ts",
    find: 'if (missed !== "lost") return missed;',
    by: 'return missed === "lost" ? undefined : missed;',
  },
  {
    name: "an operator ends a session under a running turn",
    file: "lib/session/endSession.ts",
    find: "if (read.lease.until > now &&",
    by: "if (read.lease.until > now + 1e12 &&",
  },
  {
    name: "an error at the stream is swallowed",
    file: "lib/session/sealFromStream.ts",
    find: "failed.push(number);",
    by: "",
  },
  {
    name: "every change of a conversation is taken for an end",
    file: "lib/session/sessionEndOf.ts",
    find: "return next.session === old.session ? undefined :",
    by: 'return next.session === "nothing" ? undefined :',
  },
  {
    name: "a session is ended before its hooks stand",
    file: "lib/session/sealSession.ts",
    find: "for (const hook of hooks) await putHook(table, hook);",
    by: "await markEnded(table, session, end, turns, end.endedAt ?? lastAt ?? session.startedAt);\n  for (const hook of hooks) await putHook(table, hook);",
  },
  {
    name: "jobs are not enqueued at the sealing",
    file: "lib/session/sealSession.ts",
    find: 'await enqueueByProvider(queues, hooks.filter(({ status }) => status === "pending").map(jobOf));',
    by: "",
  },
  {
    name: "a sealing repeated overwrites a hook",
    file: "lib/session/sealSession.ts",
    find: 'ConditionExpression: "attribute_not_exists(pk)",',
    by: "",
  },
  {
    name: "the memory switch is not looked at",
    file: "lib/hooks/newHooks.ts",
    find: 'if (memory === "off") return "memory-off";',
    by: 'if (memory === "off" && spoken === 0) return "memory-off";',
  },
  {
    name: "two workers call the provider at once",
    file: "lib/hooks/leaseHook.ts",
    find: 'AND (attribute_not_exists(lease) OR lease.#until <= :now)",',
    by: 'AND (attribute_exists(pk) OR lease.#until <= :now)",',
  },
  {
    name: "attempted is recorded as delivered",
    file: "lib/hooks/deliverHook.ts",
    find: "if (!(error instanceof VesperError)) throw error;",
    by: "if (!(error instanceof VesperError)) throw error;\n    await recordDelivered(table, hook, {}, clock.now());",
  },
  {
    name: "a death that was not reported is forgotten",
    file: "lib/hooks/deliverHook.ts",
    find: 'if (hook.status === "dead" && hook.deadAt !== undefined && job.deadAt !== hook.deadAt) {',
    by: 'if (hook.status === "dead" && hook.deadAt === -1) {',
  },
  {
    name: "a dead hook is not to be found",
    file: "lib/hooks/recordFailure.ts",
    find: 'stateKey(dead ? "DEAD" : "DUE", hook.session)',
    by: 'stateKey("DUE", hook.session)',
  },
  {
    name: "an overdue hook is not enqueued again",
    file: "lib/hooks/visitHook.ts",
    find: "await enqueueByProvider(queues, [jobOf(hook)]);",
    by: "",
  },
  {
    name: "all providers share one queue",
    file: "lib/hooks/queueOf.ts",
    find: "queues.get(provider) ?? queues",
    by: "queues",
  },
  {
    name: "a webhook is acknowledged whose messages were not queued",
    file: "lib/platforms/acceptWebhook.ts",
    find: "Entries: entries.slice(start, start + BATCH) }),\n    );",
    by: "Entries: entries.slice(start, start + BATCH) }),\n    ).catch(() => ({ Failed: [] }));",
  },
  {
    name: "a message that failed is taken off the queue",
    file: "lib/runtime/workQueue.ts",
    find: "wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(number - 1, 10));",
    by: "",
  },
  {
    name: "a transcript is thrown away before it was delivered",
    file: "lib/session/purge.ts",
    find: 'new Set(["delivered", "skipped"])',
    by: 'new Set(["delivered", "skipped", "dead", "pending"])',
  },
  {
    name: "a function that is out of time goes on beside the next one",
    file: "lib/runtime/handlerSettings.ts",
    find: "timeoutEarlyInMillis: 0",
    by: "timeoutEarlyInMillis: 5",
  },
  {
    name: "a message that the queue refused is acknowledged",
    file: "lib/platforms/acceptWebhook.ts",
    find: "if (Failed.length > 0) throw",
    by: "if (Failed.length > BATCH) throw",
  },
  {
    name: "a job that the queue refused is forgotten",
    file: "lib/hooks/enqueueHooks.ts",
    find: "if (Failed.length > 0) throw",
    by: "if (Failed.length > BATCH) throw",
  },
  {
    name: "what a look back was not shown is not asked for again",
    file: "lib/session/lookBack.ts",
    find: "keys = (UnprocessedKeys?.[table.name]?.Keys ?? []).map(",
    by: "keys = (UnprocessedKeys?.[table.name]?.Keys ?? []).slice(BATCH).map(",
  },
  {
    name: "every message of a person resets",
    file: "lib/session/decide.ts",
    find: "if (message.resets) return",
    by: "if (message.receivedAt > 0) return",
  },
  {
    name: "the longest age is half of what it should be",
    file: "lib/session/deadline.ts",
    find: "session.startedAt + policy.maxAge",
    by: "session.startedAt + policy.maxAge / 2",
  },
  {
    name: "the day ends twenty minutes early",
    file: "lib/session/deadline.ts",
    find: "session.lastActivityAt - later) + later",
    by: "session.lastActivityAt - later) + later - 1_200_000",
  },
  {
    name: "a session idles for ten times as long",
    file: "lib/session/deadline.ts",
    find: "session.lastActivityAt + policy.idle",
    by: "session.lastActivityAt + policy.idle * 10",
  },
  {
    name: "every end is called a reset",
    file: "lib/session/sealSession.ts",
    find: '":reason": end.reason',
    by: '":reason": "reset"',
  },
  {
    name: "every session that expired is called too old",
    file: "lib/session/sessionEndOf.ts",
    find: 'reason: expiresWhy ?? "idle", endedAt',
    by: 'reason: "max-age", endedAt',
  },
  {
    name: "some messages can't be worked",
    file: "lib/session/takeTurn.ts",
    find: "const at = await messageTime(table, conversation, job);",
    by: 'if (job.message.text.endsWith("0.1")) throw new Error("no");\n  const at = await messageTime(table, conversation, job);',
  },
  {
    name: "a transcript is in the order of the ids",
    file: "lib/transcript/turnKey.ts",
    find: "new Date(at).toISOString()",
    by: "delivery.slice(0, 1) + new Date(at).toISOString()",
  },
  {
    name: "builtin remembers nothing",
    file: "lib/memory/builtin/builtin.ts",
    find: "await memories.put(scopeOf({ ...session, user: { id } }), rows);",
    by: "scopeOf({ ...session, user: { id } });",
  },
  {
    name: "everybody's memories are one",
    file: "lib/memory/scopeOf.ts",
    find: "return parts.map(keyPart)",
    by: "return parts.slice(0, 2).map(keyPart)",
  },
  {
    name: "a platform that is unwell is taken for one that refuses",
    file: "lib/session/sendReply.ts",
    find: "if (error.retry ||",
    by: "if (error.retry && error.status !== 503 ||",
  },
  {
    name: "the agent is asked once only",
    file: "lib/session/makeTurn.ts",
    find: "const AGENT_ATTEMPTS = 3;",
    by: "const AGENT_ATTEMPTS = 1;",
  },
  {
    name: "memory off skips nothing",
    file: "lib/hooks/newHooks.ts",
    find: 'if (memory === "off") return',
    by: "if (memory === undefined) return",
  },
  {
    name: "retention deletes no turn and no hook",
    file: "lib/session/purge.ts",
    find: "await deleteAll(table, rows);",
    by: "",
  },
  {
    name: "sealing does not keep out a turn that is on its way",
    file: "lib/session/sealSession.ts",
    find: "counted.holds || (await voidTurn(table, session, turn, clock.now()))",
    by: "counted.holds || turn.length > 0",
  },
];

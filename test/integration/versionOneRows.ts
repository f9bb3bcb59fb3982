/**
 * What version 1 writes, letter by letter: a table and queues as they are found by the version that is deployed over
 * them. These literals are never brought up to date; a later version adds its own beside them.
 */
export const SESSION = "01KJPZV280Q4YJXBCQPTZSAJ65";

const CONVERSATION = "default/http/ann//";

export const conversation = {
  pk: "CONV#default/http/ann//",
  sk: "LIVE",
  v: 1,
  session: SESSION,
  startedAt: 1772445600000,
  startedBy: "TURN#2026-03-02T10:00:00.000Z#msg-old",
  lastActivityAt: 1772445600000,
  lease: {
    id: "01KJPZWWV0WJ4HWNH379H89Q1P",
    turn: "TURN#2026-03-02T10:00:00.000Z#msg-old",
    until: 1772445662000,
    attempt: 1,
  },
  origin: "chat",
  expiresAt: 1772447400,
  expiresWhy: "idle",
};

export const session = {
  pk: "CONV#default/http/ann//",
  sk: `SESSION#${SESSION}`,
  v: 1,
  session: SESSION,
  conversation: CONVERSATION,
  platform: "http",
  chat: { id: "ann", type: "dm" },
  origin: "chat",
  memory: "on",
  startedAt: 1772445600000,
  status: "open",
  state: "DUE#2",
  at: 1772447400000,
};

export const turn = {
  pk: `SESSION#${SESSION}`,
  sk: "TURN#2026-03-02T10:00:00.000Z#msg-old",
  v: 1,
  conversation: CONVERSATION,
  kind: "turn",
  status: "done",
  reply: "You said: hello",
  messageId: "msg-old",
  at: 1772445600000,
  origin: "chat",
  user: { id: "ann", name: "Ann" },
  text: "hello",
  repliedAt: 1772445600000,
  enqueueId: "01KJPZV280Y1G04TP3MYSVJTCT.0",
  sent: 0,
};

/** The same turn with 1,200 characters of "hello ", and its reply. */
export const packedTurn = {
  ...turn,
  v: 2,
  text: Buffer.from("G68EACRAahDH6vCcTgY=", "base64"),
  reply: Buffer.from("G7kEAAQ24EgTjiyh6ZxEFMPy2LzaCSZ3XwY=", "base64"),
};

export const sealed = {
  ...session,
  status: "ended",
  reason: "reset",
  endedAt: 1772445600000,
  turns: 1,
  state: "ENDED#2",
  at: 1772445600000,
};

export const hook = {
  pk: `SESSION#${SESSION}`,
  sk: "HOOK#crm",
  v: 1,
  session: SESSION,
  conversation: CONVERSATION,
  provider: "crm",
  status: "pending",
  createdAt: 1772445600000,
  attempts: 0,
  failures: [],
  nextAttemptAt: 1772445600000,
  redrives: 0,
  enqueues: 0,
  state: "DUE#2",
  at: 1772445900000,
};

export const deadHook = {
  ...hook,
  status: "dead",
  attempts: 1,
  failures: [{ at: 1772445600000, took: 12, kind: "credentials", status: 401, message: "401", body: "no" }],
  deadAt: 1772445600012,
  state: "DEAD#2",
  at: 1772445600012,
};

const { state: _due, at: _at, ...settled } = hook;

export const skipped = { ...settled, status: "skipped", skipped: "memory-off" };

export const HOOK_JOB = `{"v":1,"session":"${SESSION}","conversation":"${CONVERSATION}","provider":"crm"}`;

export const DEAD_LETTER = `{"v":1,"session":"${SESSION}","conversation":"${CONVERSATION}","provider":"crm","deadAt":1772445600012}`;

export const INBOUND_JOB =
  '{"v":1,"platform":"http","enqueueId":"01KJPZWWV0X9HHNS8D6PHWDSYX.0","receivedAt":1772445660000,"message":' +
  '{"messageId":"msg-new","sentAt":1772445660000,"chat":{"id":"ann","type":"dm"},"user":{"id":"ann","name":"Ann"},' +
  '"role":"user","text":"two","origin":"chat","replyTo":"ann"}}';

import type { DeliberateFault } from "./DeliberateFault.ts";

/** Faults in how a message becomes one turn, and an agent is asked for it. */
export const TURN_FAULTS: readonly DeliberateFault[] = [
  {
    name: "nobody looks back for a redelivery's turn",
    file: "lib/message/takeTurn.ts",
    find: "const found = turns.find(({ sk }) => sk === turn);",
    by: "const found = turns.find(({ sk }) => sk === turn);\n  if (!found) return {};",
  },
  {
    name: "a redelivery is answered again",
    file: "lib/message/takeTurn.ts",
    find: "if (turn.enqueueId !== job.enqueueId)",
    by: "if (turn.enqueueId === job.enqueueId + job.enqueueId)",
  },
  {
    name: "a redelivery has a time of its own",
    file: "lib/store/turns.ts",
    find: "return Number(parse(storedSchema",
    by: "if (job.receivedAt > 0) return job.receivedAt;\n    return Number(parse(storedSchema",
  },
  {
    name: "what a look back was not shown is not asked for again",
    file: "lib/store/lookBack.ts",
    find: "return UnprocessedKeys?.[name]?.Keys ?? [];",
    by: "return [];",
  },
  {
    name: "some messages can't be worked",
    file: "lib/message/takeTurn.ts",
    find: "const at = await messageTime(table, conversation, job);",
    by: 'if (job.message.text.endsWith("0.1")) throw new Error("no");\n  const at = await messageTime(table, conversation, job);',
  },
  {
    name: "a transcript is in the order of the ids",
    file: "lib/domain/Turn.ts",
    find: "new Date(at).toISOString()",
    by: "messageId.slice(0, 1) + new Date(at).toISOString()",
  },
  {
    name: "an agent that is overloaded is given up at once",
    file: "lib/message/askAgent.ts",
    find: "if (!(error instanceof VesperError) || !error.retry) return undefined;",
    by: "if (error !== undefined || !(error instanceof VesperError)) return undefined;",
  },
  {
    name: "a receipt is taken for an attempt",
    file: "lib/message/askAgent.ts",
    find: "if (isSpent(before)) return",
    by: "if (isSpent({ begun: attempt.number - 1, failed: 0 })) return",
  },
  {
    name: "an attempt is made before its time",
    file: "lib/message/takeTurn.ts",
    find: "noted.nextAt > clock.now())",
    by: "noted.nextAt > clock.now() + 1e12)",
  },
  {
    name: "a user is told again and again that it takes longer",
    file: "lib/store/attempts.ts",
    find: '"SET told = :true"',
    by: '"SET toldAt = :true"',
  },
  {
    name: "a late function does not look whether the message is still its own",
    file: "lib/queues/HeldMessage.ts",
    find: "if (this.hiddenUntil === 0) await this.extend();",
    by: "",
  },
  {
    name: "a packed reply has the message's words",
    file: "lib/domain/storedWords.ts",
    find: "{ reply: pack(reply) }",
    by: "{ reply: pack(text ?? reply) }",
  },
  {
    name: "packed words are read letter by letter of another alphabet",
    file: "lib/domain/storedWords.ts",
    find: "{ maxOutputLength: MAX_ROW }).toString()",
    by: '{ maxOutputLength: MAX_ROW }).toString("latin1")',
  },
];

import * as v from "valibot";
import { attachmentSchema } from "./Attachment.ts";
import { forwardedSchema, originSchema, quotedSchema } from "./InboundMessage.ts";
import { jsonSchema } from "./json.ts";
import { keptResultSchema } from "./KeptResult.ts";
import { personSchema } from "./Message.ts";

/** What did not arrive of a turn's notice and reply. Times in milliseconds since the epoch. */
export const undeliveredSchema = v.object({
  /** Why, as a `FailureKind`, or `bug`. */
  kind: v.string(),
  /** When sending it ended. Names this failure: a word about an earlier one changes nothing. */
  at: v.number(),
  /**
   * The pieces, by their place in notice and reply. Without texts where the session had ended by then, or the platform
   * had taken them first: `reply` stays whole, and the pieces are rendered from it.
   */
  pieces: v.array(v.object({ index: v.number(), text: v.exactOptional(v.string()) })),
  /** Where it can be sent again: the platform's name and the message's own `replyTo`. Only of a failed reply. */
  platform: v.exactOptional(v.string()),
  replyTo: v.exactOptional(jsonSchema),
  /** When it could be answered no more, as the message said. */
  replyUntil: v.exactOptional(v.number()),
  /** When an operator last had it sent again. */
  resentAt: v.exactOptional(v.number()),
  /** When it arrived after all, in a session that had ended, whose transcript stays as it is. */
  arrivedAt: v.exactOptional(v.number()),
  /** That an operator wants it sent no more, and why. */
  discarded: v.exactOptional(v.object({ at: v.number(), reason: v.string() })),
});

/** One user message and the agent's reply to it, or a message of the agent's own. Times in milliseconds since the epoch. */
export const turnSchema = v.object({
  /** The sort key, made by `turnKey`. */
  sk: v.string(),
  /** A `command` (a reset, a change of the memory switch) is stored to be answered once; it is not part of the transcript. */
  kind: v.picklist(["turn", "command"]),
  command: v.exactOptional(v.string()),
  /** The platform's id of the message. */
  messageId: v.string(),
  /** The platform's id of the message in its chat, by which edits name it. */
  ref: v.exactOptional(v.string()),
  /** When the message was written, by the platform's clock. */
  at: v.number(),
  origin: originSchema,
  user: v.exactOptional(personSchema),
  /** The user's words; absent in a message of the agent's own. */
  text: v.exactOptional(v.string()),
  /** Of the user's message, as it came in; see `InboundMessage`. */
  quoted: v.exactOptional(quotedSchema),
  forwarded: v.exactOptional(forwardedSchema),
  /** Those of an album one after another. */
  attachments: v.exactOptional(v.pipe(v.array(attachmentSchema), v.readonly())),
  album: v.exactOptional(v.string()),
  /** Of an album's turn with words of further pictures: how many UTF-16 units of `text` are the first picture's own. */
  ownLength: v.exactOptional(v.number()),
  /** It was said among the members of a group, and recorded without being answered. */
  heard: v.exactOptional(v.literal(true)),
  /** When its author last corrected it, by the platform's clock; `text` are the corrected words. */
  editedAt: v.exactOptional(v.number()),
  /** What was said: when sending it has failed in part or whole, what of it arrived. */
  reply: v.exactOptional(v.string()),
  repliedAt: v.exactOptional(v.number()),
  /** What tools answered for the reply, where the agent is told to keep it. */
  toolResults: v.exactOptional(v.array(keptResultSchema)),
  /** `failed`: the agent could not answer; the reply is the apology that was sent, and is not part of the transcript. */
  status: v.picklist(["done", "failed"]),
  /** Of a memory command: its place among those that were carried out in the session, from 1. Clocks may differ. */
  switchOrder: v.exactOptional(v.number()),
  /** Its user's memory switch was off when it was made: it is not delivered. See `remembered`. */
  memoryOff: v.exactOptional(v.literal(true)),
  /** The queue message whose retries send the reply; another one with the same message id is a redelivery. */
  enqueueId: v.string(),
  /** What `send` needs to answer it, and until when it can: where the turn before did not say the same. See `readReach`. */
  replyTo: v.exactOptional(jsonSchema),
  replyUntil: v.exactOptional(v.number()),
  /** How many pieces of notice and reply are done with. The last is not noted: then the queue message is gone. */
  sent: v.number(),
  /** The platform's ids of the pieces, by their place; the last piece's is not noted, nor are those without one. */
  sentIds: v.exactOptional(v.record(v.string(), v.string())),
  /** When its words, and who said them, were erased on a user's wish; the row stays, as it is counted. */
  erasedAt: v.exactOptional(v.number()),
  /** Where a draft of the reply stands in the chat, which the first piece replaces; see `ShownDraft`. */
  draft: v.exactOptional(jsonSchema),
  /** Those of them that the platform refused for themselves, by their place; the others went out. */
  refused: v.exactOptional(v.array(v.number())),
  /** Failed tries to send it, and waits that the platform asked for. */
  tries: v.exactOptional(v.number()),
  waits: v.exactOptional(v.number()),
  /** The platform is not called before it. */
  waitUntil: v.exactOptional(v.number()),
  /** The platform's ids of pieces that it took, and later said it could not deliver: news that were taken. */
  lostIds: v.exactOptional(v.array(v.string())),
  /** What has not arrived now that it is not tried any more. */
  undelivered: v.exactOptional(undeliveredSchema),
  /** Told to the user before the reply: that, and why, a new session has begun. */
  notice: v.exactOptional(v.string()),
  /** What was recalled when the session began; for the agent, and never part of the transcript. */
  memories: v.exactOptional(v.array(v.object({ text: v.string(), at: v.exactOptional(v.number()) }))),
});

export type Turn = v.InferOutput<typeof turnSchema>;

/** Every turn's sort key starts with it. */
export const TURN_PREFIX = "TURN#";

/**
 * The sort key of a turn: the platform's own message time and message identity, so that a redelivery has the same key
 * and a transcript reads in the order in which it was written.
 *
 * @param at milliseconds since the epoch
 */
export function turnKey(at: number, messageId: string): string {
  return `${TURN_PREFIX}${new Date(at).toISOString()}#${messageId}`;
}

/** Whether anything of a stored turn comes into the transcript, by the rules of `toMessages`. */
export function hasWords(row: StoredRow): boolean {
  return isByPerson(row) || (row.kind === "turn" && row.reply !== undefined && row.status === "done");
}

/** Whether a person's words are in a stored turn; not so in a scheduled prompt, or in a message of the agent's own. */
export function isByPerson({ kind, origin, text }: StoredRow): boolean {
  return kind === "turn" && origin === "chat" && text !== undefined;
}

/** Whether the agent has spoken in a turn of its own accord: nobody asked, neither a person nor a schedule. */
export function isOwnAccord({ origin, text, command }: Pick<Turn, "origin" | "text" | "command">): boolean {
  return origin === "scheduled" && text === undefined && command === undefined;
}

/** Whether a row of a session's turns stands there to keep a turn out: see `putTombstone`. It is none itself. */
export function isTombstone({ kind }: Readonly<Record<string, unknown>>): boolean {
  return kind === "tombstone";
}

/** A stored turn or command as the table has it, which may be partly read or unreadable. */
export type StoredRow = Readonly<Record<string, unknown>>;

import * as v from "valibot";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { MAX_TEXT_BYTES } from "../../adapter/text/truncate.ts";

const ID = "a text of 1 to 256 characters without control characters";

const TEXT = `a text that is not blank, of at most ${MAX_TEXT_BYTES} bytes in UTF-8`;

/** Before this, a number is most often seconds: 2001-09-09. */
const EARLIEST = 1_000_000_000_000;

/** Clocks differ a little; more would let a message escape the look-back that finds its redelivery. */
const MOST_AHEAD = 60_000;
const TIME =
  "a time since 2001-09-09 and at most 60 s ahead of our clock, in milliseconds since the epoch or as ISO 8601 text " +
  'with its zone, such as "2026-03-01T12:00:00Z"';

/** What `user` must be. */
export const USER = 'an object such as {"id": "42"}';

const idSchema = v.pipe(v.string(ID), v.check(isId, ID));

const textSchema = v.pipe(v.string(TEXT), v.check(isText, TEXT));

function timeSchema(now: number) {
  return v.pipe(
    v.custom<number | string>((given) => typeof given === "number" || isIsoTime(given), TIME),
    v.transform((given) => (typeof given === "number" ? given : Date.parse(given))),
    v.check((time) => Number.isInteger(time) && time >= EARLIEST && time <= now + MOST_AHEAD, TIME),
  );
}

/** The contract of a call that has the agent speak of its own accord. `now` is milliseconds since the epoch. */
export function postSchema(now: number) {
  return strictFields(
    {
      to: v.string('a conversation such as "default/telegram/4711//"'),
      role: v.picklist(["assistant"], '"assistant"'),
      text: textSchema,
      sentAt: v.optional(timeSchema(now)),
    },
    "an object with to, role and text",
  );
}

/** The contract of an inbound call's body; every key is known. `now` is milliseconds since the epoch. */
export function bodySchema(now: number) {
  return strictFields(
    {
      conversation: idSchema,
      user: v.optional(strictFields({ id: idSchema, name: v.optional(idSchema) }, USER)),
      text: textSchema,
      role: v.optional(v.picklist(["user", "assistant"], '"user" or "assistant"')),
      sentAt: v.optional(timeSchema(now)),
      chatType: v.optional(v.picklist(["dm", "group", "thread"], '"dm", "group" or "thread"')),
      origin: v.optional(v.picklist(["chat", "scheduled"], '"chat" or "scheduled"')),
    },
    "an object with conversation, user and text",
  );
}

/** `Date.parse` alone takes many more forms, and a day that a month does not have for one of the next. */
function isIsoTime(text: unknown): boolean {
  if (typeof text !== "string") return false;
  const day = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(
    text,
  )?.[1];
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().slice(0, 10) === day;
}

function isId(text: string): boolean {
  return text.length >= 1 && text.length <= 256 && !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text);
}

function isText(text: string): boolean {
  return text.trim() !== "" && Buffer.byteLength(text) <= MAX_TEXT_BYTES;
}

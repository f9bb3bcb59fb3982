import * as z from "zod/mini";
import { MOST_TEXT } from "../mostText.ts";

const ID = "a text of 1 to 256 characters without control characters";

const TEXT = `a text that is not blank, of at most ${MOST_TEXT} bytes in UTF-8`;

/** Before this, a number is most often seconds: 2001-09-09. */
const EARLIEST = 1_000_000_000_000;

/** Clocks differ a little; more would let a message escape the look-back that finds its redelivery. */
const MOST_AHEAD = 60_000;
const TIME =
  "a time since 2001-09-09 and at most 60 s ahead of our clock, in milliseconds since the epoch or as ISO 8601 text " +
  'with its zone, such as "2026-03-01T12:00:00Z"';

const idSchema = z.string({ error: ID }).check(z.refine(isId, { error: ID }));

/** The contract of an inbound call's body; every key is known. `now` is milliseconds since the epoch. */
export function bodySchema(now: number) {
  const timeSchema = z
    .pipe(
      z.union([z.number(), z.iso.datetime({ offset: true })], { error: TIME }),
      z.transform((given) => (typeof given === "number" ? given : Date.parse(given))),
    )
    .check(z.refine((time) => Number.isInteger(time) && time >= EARLIEST && time <= now + MOST_AHEAD, { error: TIME }));

  return z
    .strictObject(
      {
        conversation: idSchema,
        user: z.optional(
          z.strictObject({ id: idSchema, name: z.optional(idSchema) }, { error: 'an object such as {"id": "42"}' }),
        ),
        text: z.string({ error: TEXT }).check(z.refine(isText, { error: TEXT })),
        role: z.optional(z.enum(["user", "assistant"], { error: '"user" or "assistant"' })),
        sentAt: z.optional(timeSchema),
        chatType: z.optional(z.enum(["dm", "group", "thread"], { error: '"dm", "group" or "thread"' })),
        origin: z.optional(z.enum(["chat", "scheduled"], { error: '"chat" or "scheduled"' })),
      },
      { error: "an object with conversation, user and text" },
    )
    .check(
      z.refine((body) => body.user !== undefined || body.role === "assistant", {
        path: ["user"],
        error: 'an object such as {"id": "42"}, as memory is kept per user; only role "assistant" may leave it out',
      }),
    );
}

function isId(text: string): boolean {
  return text.length >= 1 && text.length <= 256 && !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text);
}

function isText(text: string): boolean {
  return text.trim() !== "" && Buffer.byteLength(text) <= MOST_TEXT;
}

import * as v from "valibot";
import { jsonSchema } from "../platforms/jsonSchema.ts";

/** What did not arrive of a turn's notice and reply. Times in milliseconds since the epoch. */
export const undeliveredSchema = v.object({
  /** Why, as a `FailureKind`, or `bug`. */
  kind: v.string(),
  /** When sending it ended. Names this failure: a word about an earlier one changes nothing. */
  at: v.number(),
  /**
   * The pieces, by their place in notice and reply. Without texts where the session had ended by then: its `reply` stays
   * whole, and the pieces are rendered from it.
   */
  pieces: v.array(v.object({ index: v.number(), text: v.exactOptional(v.string()) })),
  /** Where it can be sent again: the platform's name and the message's own `replyTo`. Only of a failed reply. */
  platform: v.exactOptional(v.string()),
  replyTo: v.exactOptional(jsonSchema),
  /** When an operator last had it sent again. */
  resentAt: v.exactOptional(v.number()),
  /** When it arrived after all, in a session that had ended, whose transcript stays as it is. */
  arrivedAt: v.exactOptional(v.number()),
  /** That an operator wants it sent no more, and why. */
  discarded: v.exactOptional(v.object({ at: v.number(), reason: v.string() })),
});

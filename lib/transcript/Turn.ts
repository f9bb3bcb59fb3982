import * as v from "valibot";
import { originSchema } from "../platforms/originSchema.ts";
import { personSchema } from "./personSchema.ts";
import { undeliveredSchema } from "./undeliveredSchema.ts";

/** One user message and the agent's reply to it, or a message of the agent's own. Times in milliseconds since the epoch. */
export const turnSchema = v.object({
  /** The sort key, made by `turnKey`. */
  sk: v.string(),
  /** A `command` (a reset, a change of the memory switch) is stored to be answered once; it is not part of the transcript. */
  kind: v.picklist(["turn", "command"]),
  command: v.exactOptional(v.string()),
  /** The platform's id of the message. */
  delivery: v.string(),
  /** When the message was written, by the platform's clock. */
  at: v.number(),
  origin: originSchema,
  user: v.exactOptional(personSchema),
  /** The user's words; absent in a message of the agent's own. */
  text: v.exactOptional(v.string()),
  /** What was said: when sending it has failed in part or whole, what of it arrived. */
  reply: v.exactOptional(v.string()),
  repliedAt: v.exactOptional(v.number()),
  /** `failed`: the agent could not answer; the reply is the apology that was sent, and is not part of the transcript. */
  status: v.picklist(["done", "failed"]),
  /** Of a memory command: its place among those that were carried out in the session, from 1. Clocks may differ. */
  switchOrder: v.exactOptional(v.number()),
  /** Its user's memory switch was off when it was made: it is not delivered. See `remembered`. */
  memoryOff: v.exactOptional(v.literal(true)),
  /** The queue message whose retries send the reply; another one with the same delivery is a redelivery. */
  carrier: v.string(),
  /** How many pieces of notice and reply are done with. The last is not noted: then the queue message is gone. */
  sent: v.number(),
  /** Those of them that the platform refused for themselves, by their place; the others went out. */
  refused: v.exactOptional(v.array(v.number())),
  /** Failed tries to send it, and waits that the platform asked for. */
  tries: v.exactOptional(v.number()),
  waits: v.exactOptional(v.number()),
  /** The platform is not called before it. */
  waitUntil: v.exactOptional(v.number()),
  /** What has not arrived now that it is not tried any more. */
  undelivered: v.exactOptional(undeliveredSchema),
  /** Told to the user before the reply: that, and why, a new session has begun. */
  notice: v.exactOptional(v.string()),
  /** What was recalled when the session began; for the agent, and never part of the transcript. */
  memories: v.exactOptional(v.array(v.object({ text: v.string(), at: v.exactOptional(v.number()) }))),
});

export type Turn = v.InferOutput<typeof turnSchema>;

import type { Verb } from "./Operation.ts";

/** What a verb acts on, in one word. */
export type Noun = "hook" | "reply" | "message";

/** What a bulk action acts on. A replay makes hooks. */
export function nounOf(verb: Verb): Noun {
  if (verb === "send-replies" || verb === "discard-replies") return "reply";
  return verb === "redrive-inbound" || verb === "discard-inbound" ? "message" : "hook";
}

/** Whether a verb gives something up, which takes a reason. */
export function isDiscard(verb: Verb): boolean {
  return verb === "discard" || verb === "discard-replies" || verb === "discard-inbound";
}

/** Whether a verb has an outcome that can be waited for, so that some can be tried first. Of a message SQS does not tell. */
export function hasCanary(verb: Verb): boolean {
  return verb === "redrive" || verb === "forward" || verb === "replay" || verb === "send-replies";
}

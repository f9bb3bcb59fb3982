import * as v from "valibot";
import type { Json } from "./json.ts";
import type { Person } from "./Message.ts";

/** A `Chat`, as jobs and rows hold it. */
export const chatSchema = v.object({
  id: v.string(),
  type: v.picklist(["dm", "group", "thread"]),
  thread: v.exactOptional(v.string()),
});

/** Whether a person wrote something. */
export const originSchema = v.picklist(["chat", "scheduled"]);

/** Where a conversation takes place. */
export interface Chat {
  readonly id: string;
  readonly type: ChatType;
  /** A topic or thread within the chat, which is a conversation of its own. */
  readonly thread?: string;
}

export type ChatType = "dm" | "group" | "thread";

/** One message, the same for every platform. */
export interface InboundMessage {
  /** The platform's stable id of this delivery: a redelivery has the same. Sorts in sending order where the platform's ids do. */
  readonly messageId: string;
  /** When it was written by the platform's clock, milliseconds since the epoch; absent where the platform does not say. */
  readonly sentAt?: number;
  readonly chat: Chat;
  /** Who wrote it; absent for the agent's own messages. */
  readonly user?: Person;
  /** `assistant`: a message of the agent's own that something else sent, such as a scheduled post; it is recorded, not answered. */
  readonly role: "user" | "assistant";
  /** The words. For a command what follows its name. */
  readonly text: string;
  /** `/reset`, `/new` and their like, recognised by the platform's own rules. The name has no slash and is in lower case. */
  readonly command?: string;
  /** `scheduled`: not written by a person; it starts no memory of its own. */
  readonly origin: "chat" | "scheduled";
  /** What `send` needs to answer: opaque to all but the platform. */
  readonly replyTo: Json;
}

import * as v from "valibot";
import type { Attachment } from "./Attachment.ts";
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

/** A `Quoted`, as jobs and rows hold it. */
export const quotedSchema = v.object({ text: v.string(), author: v.exactOptional(v.string()) });

/** A `Forwarded`, as jobs and rows hold it. */
export const forwardedSchema = v.object({ from: v.exactOptional(v.string()) });

/** Where a conversation takes place. */
export interface Chat {
  readonly id: string;
  readonly type: ChatType;
  /** A topic or thread within the chat, which is a conversation of its own. */
  readonly thread?: string;
}

export type ChatType = "dm" | "group" | "thread";

/** Words that a message answers. */
export interface Quoted {
  readonly text: string;
  /** The name of whoever wrote them; absent where nobody says. */
  readonly author?: string;
}

/** That a message's words are not those of whoever sent it. */
export interface Forwarded {
  /** Whose they are: a person, a channel, or the bot by way of which they came. Absent where nobody says. */
  readonly from?: string;
}

/** One message, the same for every platform. */
export interface InboundMessage {
  /** The platform's stable id of this delivery: a redelivery has the same. Sorts in sending order where the platform's ids do. */
  readonly messageId: string;
  /** The platform's id of the message in its chat, by which edits name it; absent where there are none. */
  readonly ref?: string;
  /** When it was written by the platform's clock, milliseconds since the epoch; absent where the platform does not say. */
  readonly sentAt?: number;
  readonly chat: Chat;
  /** The chat may have had another id before, under which its conversations go on: see `ChatEvent`. */
  readonly mayHaveMoved?: true;
  /** Who wrote it; absent for the agent's own messages. */
  readonly user?: Person;
  /** `assistant`: a message of the agent's own that something else sent, such as a scheduled post; it is recorded, not answered. */
  readonly role: "user" | "assistant";
  /** The words, also those under a picture. For a command what follows its name. Empty where there are attachments alone. */
  readonly text: string;
  /** `/reset`, `/new` and their like, recognised by the platform's own rules. The name has no slash and is in lower case. */
  readonly command?: string;
  /** In a group: whether it names the bot, answers it or commands it. Absent: the platform does not tell, and it is answered. */
  readonly mentioned?: boolean;
  /** What it answers, apart from its own words. */
  readonly quoted?: Quoted;
  /** Its words are another's: they hold no command, and are never learnt as facts of whoever sent it. */
  readonly forwarded?: Forwarded;
  readonly attachments?: readonly Attachment[];
  /** The same for messages that users see as one. */
  readonly album?: string;
  /** It corrects the message with this `ref`, and is none of its own. */
  readonly edits?: string;
  /** `scheduled`: not written by a person; it starts no memory of its own. */
  readonly origin: "chat" | "scheduled";
  /** What `send` needs to answer: opaque to all but the platform. */
  readonly replyTo: Json;
  /** When it can be answered by `replyTo` no more, milliseconds since the epoch. Absent: at any time. */
  readonly replyUntil?: number;
}

/** Something that happened to a chat as a whole. */
export interface ChatEvent {
  readonly chat: Chat;
  /**
   * The chat's new id: its conversations go on under the old one. Absent: the chat is gone for good, as when the bot was
   * removed from it or its user has blocked it, and its sessions end under every policy.
   */
  readonly movedTo?: string;
  /** When it happened, milliseconds since the epoch: news may come late. Absent where the platform does not say. */
  readonly at?: number;
}

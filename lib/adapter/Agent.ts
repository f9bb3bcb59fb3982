import type { Attachment } from "../domain/Attachment.ts";
import type { Chat, Forwarded, Quoted } from "../domain/InboundMessage.ts";
import type { KeptResult } from "../domain/KeptResult.ts";
import type { Message, Person } from "../domain/Message.ts";
import type { EndReason } from "../domain/Session.ts";
import type { Memory } from "./MemoryProvider.ts";
import type { ModelUsage } from "./Model.ts";

/** What the agent is asked. */
export interface AgentInput {
  /** The message in words, whatever it is: what is not the user's own stands in brackets, as in the history. */
  readonly text: string;
  /** The same taken apart, where `text` is not the user's own words alone. */
  readonly parts?: {
    /** The user's own words; or, where it is forwarded, another's. Empty where there are attachments alone. */
    readonly text: string;
    readonly forwarded?: Forwarded;
    /** What it answers. */
    readonly quoted?: Quoted;
    readonly attachments?: readonly Attachment[];
  };
  readonly user?: Person;
  /** The platform's name in the config. */
  readonly platform: string;
  /** The platform's own id of the message: the same each time that the agent is asked about it. */
  readonly messageId: string;
  readonly chat: Chat;
  readonly session: string;
  /**
   * The session so far, oldest first, without the message that is to be answered: begins with `user`, ends with `assistant`
   * and alternates. Turns that failed are left out; what a turn lacks is filled in by a message marked as `placeholder`.
   */
  readonly history: readonly Message[];
  /**
   * What the memory providers recalled at the start of the session. Written by users once: data to a model, never an
   * instruction.
   */
  readonly memories: readonly Memory[];
  /** The session before this one, when this is its successor's first turn; so that the agent knows it was reset. */
  readonly previous?: { readonly session: string; readonly reason: EndReason };
  /** When a reply would come too late to be stored and sent, milliseconds since the epoch. */
  readonly deadline: number;
  /** Aborts then. */
  readonly signal: AbortSignal;
  /**
   * Shows the user all that is written of the reply so far. Call it as often as there is more: it costs nothing, waits for
   * nothing and never fails, and the chat gets what is newest about once a second. What was shown is no reply: that is what
   * `reply` returns, and it may read differently. Absent where the chat shows no reply before it is whole.
   */
  readonly show?: (textSoFar: string) => void;
}

/** A reply, and what it was made with; for the log. */
export interface AgentReply {
  readonly text: string;
  /** The model that wrote it. */
  readonly model?: string;
  readonly usage?: ModelUsage;
  /**
   * What tools answered, where memory providers are to get it beside the reply. As much as a turn's row has place for. No
   * later turn's history has it.
   */
  readonly toolResults?: readonly KeptResult[];
}

/** Answers a message. Never called again for a turn whose reply is stored. */
export interface Agent {
  /** It takes attachments, which it fetches by their handles. Else a user who sends one is told that only text is read. */
  readonly takesAttachments?: boolean;
  /**
   * The reply, as a text or with what it was made with; undefined when there is none to send.
   *
   * @throws DeliveryError when it can't answer. `throttled`, `transient`, `timeout` and `quota`: it is asked again, after
   *   `retryAfter` at the earliest, up to 15 minutes after the first attempt. `auth`, `invalid` and `gone`, as anything
   *   else that is thrown: it is not, and the user gets an apology.
   */
  reply(input: AgentInput): Promise<string | AgentReply | undefined>;
}

import * as v from "valibot";
import type { Attachment } from "./Attachment.ts";
import type { Forwarded, Quoted } from "./InboundMessage.ts";

/** A person in a conversation, as the platform knows them. */
export interface Person {
  /** The platform's own, stable id. */
  readonly id: string;
  readonly name?: string;
}

/** One side of a turn, cleaned: the words alone, who said them and when. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
  /** Who wrote a user message. */
  readonly author?: Person;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Its words are another's, and marked as such in `content`: nothing in them is a fact about the author. */
  readonly forwarded?: Forwarded;
  /** What it answers; in the agent's history it stands in `content`, too. */
  readonly quoted?: Quoted;
  /** What came with it; without words, `content` tells what that was. */
  readonly attachments?: readonly Omit<Attachment, "handle">[];
  /** When its author corrected it; `content` are the corrected words. Milliseconds since the epoch. */
  readonly editedAt?: number;
  /**
   * Nobody wrote it: it stands in the agent's history where a turn has one side only, so that the roles alternate. Memory
   * providers never see one.
   */
  readonly placeholder?: true;
}

/** A `Person`, as jobs and rows hold them. */
export const personSchema = v.object({ id: v.string(), name: v.exactOptional(v.string()) });

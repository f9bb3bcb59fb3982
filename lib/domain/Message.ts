import * as v from "valibot";

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
  /**
   * Nobody wrote it: it stands in the agent's history where a turn has one side only, so that the roles alternate. Memory
   * providers never see one.
   */
  readonly placeholder?: true;
}

/** A `Person`, as jobs and rows hold them. */
export const personSchema = v.object({ id: v.string(), name: v.exactOptional(v.string()) });

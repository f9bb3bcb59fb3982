import type { ChatType } from "../domain/InboundMessage.ts";
import type { Json } from "../domain/json.ts";
import type { Message, Person } from "../domain/Message.ts";
import type { EndReason } from "../domain/Session.ts";
import type { DeliveryError } from "./errors.ts";

/** A sealed session, whole. It never changes, so two deliveries of it are equal. */
export interface EndedSession {
  readonly tenant: string;
  readonly session: string;
  /** The conversation's key. */
  readonly conversation: string;
  readonly platform: string;
  readonly chat: { readonly id: string; readonly type: ChatType; readonly thread?: string };
  /** Everyone who wrote in it, in order of appearance. Memory is kept per user: a message's `author` is one of them. */
  readonly users: readonly Person[];
  readonly reason: EndReason;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly turns: number;
  /** Oldest first. Never empty. */
  readonly messages: readonly Message[];
}

/** The circumstances of one call. */
export interface ProviderCall {
  /**
   * A hash of tenant, provider and session: the same on every attempt. Everything idempotent is derived from it, so
   * that a call that is made twice has one effect.
   */
  readonly deliveryKey: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Milliseconds that a request may take, from the config. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** What an earlier attempt left with `checkpoint`. */
  readonly checkpoint: Json | undefined;
  /**
   * Stores progress durably before going on, for providers that know no idempotency key. The table holds no number beyond
   * `Number.MAX_SAFE_INTEGER`: store such a one as a text.
   */
  saveCheckpoint(value: Json): Promise<void>;
}

/** The provider's acknowledgement, kept in the ledger. */
export interface Receipt {
  /** The provider's own id of what it stored. */
  readonly id?: string;
  readonly status?: number;
  /** The head of the response's body. */
  readonly body?: string;
  /**
   * The provider has taken the session, and works on it later: it is not delivered before `confirm`, which is given this, says
   * so. Whatever is needed to ask, such as the ids of the provider's operations; 100 KB as JSON at the most.
   */
  readonly accepted?: Json;
}

/** What became of a session that a provider had accepted. */
export type Confirmation =
  /** The provider still works on it, and is asked again later. */
  | { readonly outcome: "working" }
  /** It is stored. What the receipt does not say stays as the acknowledgement said it. */
  | { readonly outcome: "stored"; readonly receipt: Receipt }
  /** It is not, or the provider knows nothing of it: by the error's kind the session is sent again, or the hook is dead. */
  | { readonly outcome: "failed"; readonly error: DeliveryError };

/** Whose memories are meant: a user's, and where the chat is no direct message, those of that chat alone. */
export interface MemoryOwner {
  readonly tenant: string;
  readonly platform: string;
  readonly chat: { readonly id: string; readonly type: ChatType; readonly thread?: string };
  readonly user: Person;
}

/** Asks for what is worth knowing at the start of a session. */
export interface RecallQuery extends MemoryOwner {
  /** The user's first message. */
  readonly text: string;
  /** The most items that are of use. */
  readonly limit: number;
  /** Milliseconds after which the reply goes out without what was recalled. */
  readonly timeout: number;
}

/** Something a provider remembers of a user. */
export interface Memory {
  readonly text: string;
  /** When it was learnt, milliseconds since the epoch. */
  readonly at?: number;
}

/** A session's transcript goes in when it ends; memories come out when the next one starts. */
export interface MemoryProvider {
  readonly capabilities: {
    /**
     * What makes a repeated delivery harmless: the server knows the key, an upsert, reading back first, or nothing. With
     * nothing, `hooks.unknown` of the config says what follows when nobody knows whether a delivery has arrived.
     */
    readonly idempotency: "server-key" | "upsert" | "read-back" | "none";
  };
  /**
   * Takes a finished session. Success is only what the provider acknowledged; where it only acknowledged that it will work on
   * the session, the receipt says `accepted`. Throws `DeliveryError`; anything else
   * that is thrown is a bug and makes the hook dead at once. No retries of its own.
   */
  onSessionEnd(session: EndedSession, call: ProviderCall): Promise<Receipt>;
  /**
   * Says what became of a session whose receipt said `accepted`. Only asks: called twice, or after a crash, it changes nothing
   * at the provider. Throws `DeliveryError` when it can't be asked; that says nothing of the session.
   */
  confirm?(accepted: Json, call: ProviderCall): Promise<Confirmation>;
  /**
   * Recalls. Bounded by `signal`; a failure never delays or prevents a reply. Asked only of adapters that are not defined
   * with `{ recalls: false }`.
   */
  recall?(query: RecallQuery, signal: AbortSignal): Promise<readonly Memory[]>;
  /** Erases what is remembered of a user. */
  forget?(owner: MemoryOwner): Promise<void>;
}

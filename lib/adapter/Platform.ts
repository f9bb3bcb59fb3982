import type { ChatEvent, InboundMessage } from "../domain/InboundMessage.ts";
import type { Json } from "../domain/json.ts";
import type { FailureKind } from "./errors.ts";

/** A webhook call as it came in, before anything in it is trusted. */
export interface WebhookRequest {
  readonly method: string;
  /** The public address that was called, query included, as the platform knows it: some sign it. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The exact bytes: signatures are over these, so nothing is parsed before they are verified. */
  readonly body: Uint8Array;
}

/** What to answer the platform. */
export interface WebhookResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a program has the agent say of its own accord, in a conversation of whatever platform. */
export interface Post {
  /** The conversation's key. */
  readonly conversation: string;
  /** The program's stable id of this delivery. */
  readonly messageId: string;
  /** When it was written, milliseconds since the epoch; absent where the program does not say. */
  readonly sentAt?: number;
  readonly text: string;
}

/** A verified webhook call, normalised. */
export interface Received {
  /** None for a handshake, and for events that are not messages. A platform may send several in one call. */
  readonly messages: readonly InboundMessage[];
  /** What happened to chats, where the platform tells. @default nothing */
  readonly chats?: readonly ChatEvent[];
  /** Pieces of replies that did not reach their users after all, where the platform tells. @default nothing */
  readonly undelivered?: readonly Undelivered[];
  /** What the agent is to say of its own accord. @default nothing */
  readonly posts?: readonly Post[];
  /** The answer when all messages are queued, where the platform wants one of its own. Default: 202 without a body. */
  readonly response?: WebhookResponse;
  /** The answer when the config lets none of those talk who wrote them. Default: as when all messages are queued. */
  readonly refused?: WebhookResponse;
  /** The answer when they can't be queued, for a platform that would not call again. Default: 503, to be called again. */
  readonly unavailable?: WebhookResponse;
}

/**
 * A piece of a reply that the platform took, and later says it could not deliver. `key`, `session` and `conversation` are
 * what `send` was given: a platform that tells of failures sends them along, and gets them back with the news.
 */
export interface Undelivered {
  /** The platform's id of the piece, as `send` answered it. The same news changes nothing the second time. */
  readonly id: string;
  readonly key: string;
  readonly session: string;
  readonly conversation: string;
  /** Why, for an operator, who decides what becomes of it. */
  readonly kind: FailureKind;
  /** Where it can be sent again: what a message of that chat would carry. */
  readonly replyTo: Json;
}

/** One piece of a reply on its way out. */
export interface OutboundChunk {
  readonly text: string;
  /** Its place among the pieces that answer one message, from 0. */
  readonly index: number;
  /** Nothing of the answer follows it. */
  readonly isLast: boolean;
  /** As the platform put it into the message that is answered. */
  readonly replyTo: Json;
  /** The same on every attempt to send this chunk; for platforms that take an idempotency key. */
  readonly key: string;
  /** Which session it belongs to. */
  readonly session: string;
  /** The conversation's key. */
  readonly conversation: string;
  /** The delivery that it answers; absent where the agent speaks of its own accord. */
  readonly inReplyTo?: string;
  /**
   * Where a draft of the reply stands, by the `ref` that `showDraft` answered: this piece replaces it, and is sent as any
   * other where the draft is no longer there. Only of the first piece. No draft is shown any more.
   */
  readonly draft?: Json;
}

/** A reply that is being written, as far as it is. */
export interface Draft {
  /** The first piece of what is written so far, as `render` makes it. */
  readonly text: string;
  /** As the platform put it into the message that is answered. */
  readonly replyTo: Json;
  /** The same for all drafts of one reply, on every attempt. */
  readonly key: string;
  /** Where the one before stands, by the `ref` that was answered, perhaps on an earlier attempt: this one replaces it. */
  readonly shown?: Json;
  /** Aborts when it takes too long: a reply is never sent while a draft is on its way. */
  readonly signal: AbortSignal;
}

/** A draft that is shown now. */
export interface ShownDraft {
  /**
   * Where it stands, of a draft that stays until something replaces it: it is kept, so that another attempt's drafts and the
   * reply's first piece do. Absent where a draft goes away by itself, or where `send` finds it without.
   */
  readonly ref?: Json;
}

/** A call that a platform would have made, fetched from it instead. */
export interface Polled {
  readonly call: WebhookRequest;
  /** What to fetch after, once the call is taken. */
  readonly next: string;
}

/**
 * A chat platform. `receive` verifies and normalises, `render` splits, `send` sends; none of them retries: the sender
 * or the queue does.
 */
export interface Platform {
  /**
   * Verifies the call, then parses it. Throws `WebhookError` with the status to answer: 401 when the signature is bad
   * or missing, 400 when the body is not what the platform's contract says, with the field's name.
   *
   * Whatever can be refused without a secret is refused before one is read: another method, a header that is missing or
   * has another form than the platform gives it, a time that is over. Anybody may call, and secrets are read from a
   * service that answers some 40 reads a second for the whole account.
   */
  receive(request: WebhookRequest): Promise<Received>;
  /**
   * Splits a reply into pieces that the platform takes. Pure and deterministic: a retry sends the same pieces. Together
   * they are hardly longer than the text: those that don't arrive are stored in its place.
   */
  render(text: string): readonly string[];
  /**
   * Sends one piece, and answers the platform's id of it where there is one. Throws `DeliveryError`, whose kind decides:
   * `invalid` drops this piece alone, `gone` all that are left, and with `chatIsGone` the session ends, too; any other is
   * tried again, not before `retryAfter`. A no-op where no reply can go out.
   */
  send(chunk: OutboundChunk): Promise<string | undefined>;
  /**
   * Shows in the chat that an answer is being written, for some five seconds: it is called again while that lasts. A
   * failure changes nothing. Absent where the platform shows no such thing.
   */
  showTyping?(replyTo: Json): Promise<void>;
  /**
   * Takes away what shows in the chat that an answer is coming, as none is: whoever wrote may not talk, or there is nothing
   * to say. A failure changes nothing. Absent where nothing shows that for longer than some seconds.
   */
  dismiss?(replyTo: Json): Promise<void>;
  /**
   * Shows a reply that is still being written, in place of its draft before; about once a second, one call at a time. It
   * answers undefined where this chat shows none, and is then not called again. Throws `DeliveryError`: `throttled` is
   * called again after its `retryAfter`. A failure changes nothing of the reply. Absent where the platform shows no drafts.
   */
  showDraft?(draft: Draft): Promise<ShownDraft | undefined>;
  /**
   * Tells the platform to call this address from now on, in place of the one it calls; what waits there is kept. Only
   * operators call it, and it may be repeated. Answers in words what stands now. Throws `VesperError`. Absent where the
   * address is entered by hand.
   */
  register?(url: string): Promise<string>;
  /** Tells the platform to call no address any more. Answers in words what stands now. Throws `VesperError`. */
  unregister?(): Promise<string>;
  /**
   * Whether the platform calls this address and is content with the answers: `true`, or in words what is wrong. Changes
   * nothing. Throws `VesperError`. Absent where the platform does not tell.
   */
  registered?(url: string): Promise<true | string>;
  /**
   * The settings with which the platform calls this address, for operators to enter there, in the platform's own form.
   * Pure. Absent where the platform takes none.
   */
  manifest?(url: string): string;
  /**
   * Fetches what users wrote, for a gateway that the platform can't reach; waits for some time when there is nothing.
   * `after`: the `next` of the last call that was taken. Throws `VesperError`; one that no retry helps, as long as the
   * platform calls an address. Absent where the platform only calls.
   */
  poll?(after: string | undefined, signal: AbortSignal): Promise<readonly Polled[]>;
}

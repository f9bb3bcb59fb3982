import type { InboundMessage } from "../../domain/InboundMessage.ts";
import type { Json } from "../../domain/json.ts";
import { WebhookError } from "../errors.ts";
import type { OutboundChunk, Platform, WebhookRequest } from "../Platform.ts";
import type { FaultServer } from "./faultServer.ts";

/** A message that a user sends, in the suite's words. */
export interface Said {
  /** Counts up; the same for a redelivery. */
  readonly number: number;
  readonly text: string;
  readonly user: string;
}

/** A platform in its surroundings, made afresh for each test. */
export interface PlatformFixture {
  readonly platform: Platform;
  /** How many secrets it has asked for so far. */
  secretsRead(): number;
  /** The genuine call that brings a user's message, in a direct message. */
  call(said: Said): WebhookRequest;
  /** A call that is genuine but whose body is this. */
  callWith(body: string): WebhookRequest;
  /** Calls that only look like `genuine`, by what is wrong with them. Each must be refused with 401. */
  forgeries(genuine: WebhookRequest): Readonly<Record<string, WebhookRequest>>;
  /** The scripted stand-in for the platform's own API. */
  readonly server: FaultServer;
  /** The texts that reached users. */
  sent(): readonly string[];
  /** The most of one piece, UTF-16 units. */
  readonly limit: number;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  /** Where the platform was told that an answer is being written, once for each call; for one that can show that. */
  typing?(): readonly unknown[];
  /**
   * The texts that stand in the user's chat now, in order, with the draft among them; for a platform that shows drafts.
   */
  standing?(): readonly string[];
  close(): Promise<void>;
}

/** A message that a user says, in a direct message. */
export function said(changes: Partial<Said> = {}): Said {
  return { number: 1, text: "Hello", user: "4711", ...changes };
}

/** The one message of a genuine call. */
export async function receive(fixture: PlatformFixture, changes: Partial<Said> = {}): Promise<InboundMessage> {
  return messageOf(fixture, fixture.call(said(changes)));
}

/** The one message that a call brings. */
export async function messageOf({ platform }: PlatformFixture, call: WebhookRequest): Promise<InboundMessage> {
  const { messages } = await platform.receive(call);
  const [message, ...more] = messages;
  if (!message || more.length > 0) throw new Error(`a call with one message brought ${messages.length}`);
  return message;
}

/** The refusal of a call. Fails when it is taken, or anything else is thrown. */
export async function refusal({ platform }: PlatformFixture, request: WebhookRequest): Promise<WebhookError> {
  const outcome = await platform.receive(request).catch((error: unknown) => error);
  if (outcome instanceof WebhookError) return outcome;
  throw new Error(`expected a WebhookError, got ${JSON.stringify(outcome)}`, { cause: outcome });
}

/** A reply of one piece. */
export function chunkOf(replyTo: Json, text: string, index = 0): OutboundChunk {
  return {
    text,
    index,
    isLast: true,
    replyTo,
    key: `key ${index} of ${text}`,
    session: "s-1",
    conversation: "c-1",
    inReplyTo: "d-1",
  };
}

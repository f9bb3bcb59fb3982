import type { WebhookRequest } from "../../lib/adapter/Platform.ts";

/** What somebody writes on a simulated platform. Names are anybody's; the simulator makes the platform's own ids of them. */
export interface Said {
  readonly text: string;
  readonly user: string;
  /** The chat's name. */
  readonly conversation: string;
  readonly chatType: "dm" | "group" | "thread";
}

/** A message of the bot's, as the platform has it now: with every change that was made to it. */
export interface SentMessage {
  /** The name of its chat; the platform's own id of one in which nobody has said anything. */
  readonly conversation: string;
  /** What people read. */
  readonly text: string;
  /** All that the platform was given, as JSON has it. */
  readonly body: unknown;
}

/** A platform on this machine in the vendor's place: a strict, stateful fake of its API, and what calls the webhook. */
export interface PlatformSimulator {
  /** Where the fake of the API answers. Every request of the adapter goes there, `x-forwarded-host` says to whom it was. */
  readonly url: string;
  /** The values of the secrets that the options refer to, by their names: the fake takes no others. */
  readonly secrets: Readonly<Record<string, string>>;
  /**
   * The true, signed call by which the platform tells of what somebody has written, a new message each time.
   *
   * @param url the webhook's address, as the gateway sees it
   */
  call(said: Said, url: string): WebhookRequest;
  /** What reached chats, oldest first. */
  sent(): readonly SentMessage[];
  close(): Promise<void>;
}

/**
 * Starts a platform's simulator, on loopback. `emulators/platforms/<kind>/simulator.ts` exports it as `startSimulator`.
 *
 * @param options those of the adapter, as the config gives them
 */
export type StartSimulator = (options: Readonly<Record<string, unknown>>) => Promise<PlatformSimulator>;

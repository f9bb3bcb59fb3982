import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "./createRandom.ts";
import type { Platform } from "./Platform.ts";
import type { SentMessage } from "./SentMessage.ts";

export interface TrafficOptions {
  readonly platform: Platform;
  readonly seed: number;
  /** Messages a second. */
  readonly rate: number;
  /** How often the gateway's clock has been set back by now. */
  readonly stepsBack: () => number;
}

interface Conversation {
  /** The chat type's first letter and a number. */
  readonly name: string;
  readonly chatType: "dm" | "group" | "thread";
  readonly timed: boolean;
  /** Messages that are still to come. */
  left: number;
  sent: number;
  /** The last message's time, milliseconds since the epoch. */
  at: number;
  isSending: boolean;
  /** It says nothing before this, milliseconds since the epoch: so that some fall idle half way. */
  silentUntil: number;
}

/** Of a hundred messages: how many begin a conversation, follow at once on the one before, reset, and are redelivered. */
const PER_CENT = { fresh: 22, burst: 25, reset: 6, redelivered: 3 };

/** Longer than a turn's lease, 62 s, which is how long a session lives at least; milliseconds. */
const SILENCE_MS = 75_000;

/** So many messages may wait for their acknowledgement; while there are more, as in a long start, nobody writes. */
const MOST_SENDING = 60;

/** The latest redelivery, milliseconds: beyond the five minutes for which the queue itself knows a repetition. */
const LATEST_REDELIVERY_MS = 12 * 60_000;

/** Thousands of conversations that send messages: in order within each, all across each other between them. */
export class Traffic {
  readonly sent: SentMessage[] = [];
  conversations = 0;
  redelivered = 0;
  readonly #options: TrafficOptions;
  readonly #random;
  readonly #open: Conversation[] = [];
  readonly #sending = new Set<Promise<void>>();
  #last: Conversation | undefined;
  #ended = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed, "traffic");
  }

  /** Sends until `end` is called. */
  async run(): Promise<void> {
    let due = Date.now();
    while (!this.#ended) {
      // What a stall of this process kept from being sent is not made up for.
      due = Math.max(due, Date.now() - 1_000) + (-Math.log(1 - this.#random.next()) * 1000) / this.#options.rate;
      await sleep(Math.max(0, due - Date.now()));
      if (this.#sending.size >= MOST_SENDING) continue;
      const conversation = this.#pick();
      this.#send(conversation, this.#random.chance(PER_CENT.reset / 100));
    }
  }

  /**
   * Begins nothing new, and resets what only a reset ends, but for every tenth, which is left to an operator.
   * Resolves when everything is acknowledged.
   */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#settled();
    for (const conversation of this.#open) {
      if (conversation.chatType === "thread" && !this.#random.chance(0.1)) this.#send(conversation, true);
    }
    await this.#settled();
  }

  /** How many messages were not acknowledged yet. */
  get unacknowledged(): number {
    return this.#sending.size;
  }

  async #settled(): Promise<void> {
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  #pick(): Conversation {
    const now = Date.now();
    const last = this.#last;
    if (last && this.#isReady(last, now) && this.#random.chance(PER_CENT.burst / 100)) return last;
    const ready = this.#open.filter((conversation) => this.#isReady(conversation, now));
    const old = this.#random.chance(PER_CENT.fresh / 100) ? undefined : ready[this.#random.below(ready.length)];
    const picked = old ?? this.#begin();
    this.#last = picked;
    return picked;
  }

  #isReady({ isSending, silentUntil, left }: Conversation, now: number): boolean {
    return !isSending && silentUntil <= now && left > 0;
  }

  #begin(): Conversation {
    const random = this.#random;
    const chatType = random.weighted({ dm: 6, group: 3, thread: 1 });
    const conversation: Conversation = {
      name: `${chatType[0]}${this.conversations}`,
      chatType,
      timed: random.chance(0.6),
      left: 1 + random.below(9),
      sent: 0,
      at: 0,
      isSending: false,
      silentUntil: 0,
    };
    this.conversations += 1;
    this.#open.push(conversation);
    return conversation;
  }

  #send(conversation: Conversation, wantsReset: boolean): void {
    const random = this.#random;
    const { name, chatType, timed } = conversation;
    conversation.left -= 1;
    const isLast = conversation.left <= 0;
    const reset = wantsReset || (isLast && chatType === "thread");
    // The last word in a thread must leave no session behind that nothing ends.
    const kind = !reset ? "text" : !isLast && random.chance(0.4) ? "new" : "reset";
    const index = conversation.sent;
    const words =
      kind === "reset" ? "" : `${name}/${index} ${"für 漢字 ".repeat(random.chance(0.02) ? 800 : 3)}`.trim();
    conversation.at = Math.max(conversation.at + 1, Date.now());
    const text = kind === "reset" ? "/reset" : kind === "new" ? `/new ${words}` : words;
    const body = JSON.stringify({
      conversation: name,
      user: { id: `user-${name}` },
      text,
      chatType,
      ...(timed ? { sentAt: conversation.at } : {}),
    });
    const message: SentMessage = {
      ...{ conversation: name, index, messageId: `${name}.${index}`, kind, words, timed },
      ...{ attempts: 0, acknowledged: false, stepsBefore: this.#options.stepsBack(), stepsBack: 0 },
    };
    this.sent.push(message);
    conversation.sent += 1;
    conversation.isSending = true;
    if (random.chance(0.1)) conversation.silentUntil = Date.now() + SILENCE_MS;
    if (isLast) this.#open.splice(this.#open.indexOf(conversation), 1);
    const sending = this.#deliver(message, body).finally(() => {
      conversation.isSending = false;
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  async #deliver(message: SentMessage, body: string): Promise<void> {
    const { platform, stepsBack } = this.#options;
    const random = createRandom(this.#options.seed, message.messageId);
    message.attempts = await platform.deliver(message.messageId, body, () => random.between(300, 3_000));
    message.acknowledged = true;
    message.stepsBack = stepsBack();
    if (!random.chance(PER_CENT.redelivered / 100)) return;
    const again = async () => {
      this.redelivered += 1;
      await platform.post(message.messageId, body);
    };
    setTimeout(() => void again(), random.next() ** 3 * LATEST_REDELIVERY_MS).unref();
  }
}

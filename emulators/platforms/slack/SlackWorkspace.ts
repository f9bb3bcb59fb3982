/** A message that the bot has posted. */
export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
  /** As it stands now. */
  text: string;
  /** How it was given. */
  format: "markdown" | "plain";
  readonly thread?: string;
  readonly key?: string;
}

/** An answer at the address of a slash command. */
export interface CommandResponse {
  readonly path: string;
  readonly text: string;
  readonly response_type: string;
}

/** Slack's own word for what it refuses. */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
}

/** How long a command's address lives, milliseconds, and how often it is taken. */
const ADDRESS_LIVES = 30 * 60_000;
const ADDRESS_USES = 5;

/** The most of a plain text; what is behind it is dropped. */
const MOST_PLAIN = 40_000;

type Given = Readonly<Record<string, string | undefined>>;

/** A workspace's channels as one app sees them: what it has posted, and where it may. */
export class SlackWorkspace {
  readonly messages: PostedMessage[] = [];
  readonly responses: CommandResponse[] = [];
  /** Where "is thinking …" was shown, in order. */
  readonly statuses: { readonly channel: string; readonly thread: string; readonly status: string }[] = [];
  private readonly refusals = new Map<string, string>();
  private readonly addresses = new Map<string, { readonly at: number; uses: number }>();
  private readonly order: (PostedMessage | CommandResponse)[] = [];
  private last = 0;

  private readonly now: () => number;
  constructor(now: () => number) {
    this.now = now;
  }

  /** All that reached people, oldest first. */
  sent(): readonly (PostedMessage | CommandResponse)[] {
    return [...this.order];
  }

  /** From now on what goes to the channel, or is of this kind, is refused with Slack's word; `undefined` ends that. */
  refuse(what: string, error: string | undefined): void {
    if (error === undefined) this.refusals.delete(what);
    else this.refusals.set(what, error);
  }

  /** The address of a new slash command. */
  openAddress(path: string): void {
    this.addresses.set(path, { at: this.now(), uses: 0 });
  }

  post({ channel = "", text, markdown_text, blocks, thread_ts: thread, client_msg_id: key }: Given): PostedMessage {
    this.check(channel);
    const { words, format } = this.wordsOf({ text, markdown_text, blocks });
    if (thread !== undefined) this.checkThread(`${channel}/${thread}`);
    return this.store({
      ...{ channel, text: words, format },
      ...(thread === undefined ? {} : { thread }),
      ...(key === undefined ? {} : { key }),
    });
  }

  update({ channel = "", ts = "", ...content }: Given): PostedMessage {
    this.check(channel);
    const message = this.find(channel, ts, "message_not_found");
    const { words, format } = this.wordsOf(content);
    return Object.assign(message, { text: words, format });
  }

  setStatus({ channel_id: channel = "", thread_ts: thread = "", status = "" }: Given): void {
    this.check(channel);
    this.statuses.push({ channel, thread, status });
  }

  /** Takes an answer at a command's address; answers the status. */
  respond(path: string, { text, blocks, response_type = "ephemeral" }: ResponseGiven): number {
    const address = this.addresses.get(path);
    if (!address || address.uses >= ADDRESS_USES || this.now() > address.at + ADDRESS_LIVES) return 404;
    if (blocks && this.refusals.has("markdown")) return 400;
    address.uses++;
    const response = { path, text: blocks?.[0]?.text ?? text, response_type };
    this.responses.push(response);
    this.order.push(response);
    return 200;
  }

  private check(channel: string): void {
    const refusal = this.refusals.get(channel) ?? (/^[CDGU]\w+$/.test(channel) ? undefined : "channel_not_found");
    if (refusal !== undefined) throw new SlackRefusal(refusal);
  }

  private checkThread(thread: string): void {
    const refusal = this.refusals.get(thread);
    if (refusal !== undefined) throw new SlackRefusal(refusal);
  }

  private wordsOf({ text, markdown_text: markdown, blocks }: Given): Pick<PostedMessage, "format"> & { words: string } {
    if (markdown !== undefined && (text !== undefined || blocks !== undefined)) {
      throw new SlackRefusal("markdown_text_conflict");
    }
    const words = markdown ?? text ?? "";
    if (words.trim() === "") throw new SlackRefusal("no_text");
    const refusal = this.refusals.get("markdown");
    if (markdown !== undefined && refusal !== undefined) throw new SlackRefusal(refusal);
    return markdown === undefined
      ? { words: words.slice(0, MOST_PLAIN), format: "plain" }
      : { words, format: "markdown" };
  }

  private find(channel: string, ts: string, otherwise: string): PostedMessage {
    const message = this.messages.find((one) => one.channel === channel && one.ts === ts);
    if (!message) throw new SlackRefusal(otherwise);
    return message;
  }

  private store(message: Omit<PostedMessage, "ts">): PostedMessage {
    this.last = Math.max(this.last + 1, this.now() * 1000);
    const stored = { ...message, ts: `${Math.floor(this.last / 1e6)}.${String(this.last % 1e6).padStart(6, "0")}` };
    this.messages.push(stored);
    this.order.push(stored);
    return stored;
  }
}

interface ResponseGiven {
  readonly text: string;
  readonly blocks?: readonly { readonly text: string }[] | undefined;
  readonly response_type?: string | undefined;
}

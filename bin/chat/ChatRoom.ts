import { scopeOf } from "../../lib/adapter/scopeOf.ts";
import type { Config } from "../../lib/config/Config.ts";
import type { Gateway } from "../../lib/operator/gateway/connect.ts";
import { plain, singleLine, when } from "../../lib/operator/plain.ts";
import { readConversation } from "../../lib/store/conversations.ts";
import { converse, type Heard } from "../converse.ts";
import { followSession } from "./followSession.ts";
import type { SessionState } from "./sessionNews.ts";

/** How long a reply is waited for, milliseconds: an agent may take most of a minute. */
const WAIT = 60_000;

/** Memories that are looked at after a delivery: more than one session leaves. */
const MEMORIES = 50;

/** Who talks, and where. */
export interface Who {
  readonly user: string;
  /** The platform's name in the config. Absent: the one of the kind `http`. */
  readonly platform?: string;
}

/** Several conversations of one user, and what becomes of their sessions. */
export class ChatRoom implements Disposable {
  readonly #gateway: Gateway;
  readonly #config: Config;
  readonly #who: Who;
  readonly #print: (line: string) => void;
  /** The newest session of each conversation, by the conversation's name. */
  readonly #sessions = new Map<string, Heard>();
  /** Ids of the memories that have been told. */
  readonly #told = new Set<string>();
  readonly #closing = new AbortController();

  /** @param print writes a line, at any time */
  constructor(gateway: Gateway, config: Config, who: Who, print: (line: string) => void) {
    this.#gateway = gateway;
    this.#config = config;
    this.#who = who;
    this.#print = print;
  }

  /** The session that a conversation had last; undefined before its first message. */
  session(name: string): Pick<Heard, "conversation" | "session"> | undefined {
    return this.#sessions.get(name);
  }

  /** Says something in a conversation, prints the reply, and from then on what becomes of the session. @throws what `converse` throws */
  async say(name: string, text: string): Promise<void> {
    const said = { ...this.#who, text, conversation: name, chatType: "dm" } as const;
    const heard = await converse(this.#gateway, this.#config, said, WAIT);
    const { notice, reply } = heard.turn;
    // On a simulated platform what people see there.
    const shown = heard.sent?.map(({ text: words }) => words) ?? [notice, reply];
    for (const words of shown) if (words !== undefined) this.#print(plain(words));
    if (this.#sessions.get(name)?.session === heard.session) return;
    this.#sessions.set(name, heard);
    await this.#tellBegin(name, heard);
    void this.#follow(name, heard);
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #tellBegin(name: string, { conversation, session }: Heard): Promise<void> {
    const { table, clock } = this.#gateway.services;
    const live = await readConversation(table, conversation);
    // A reset is answered in the session that it ends.
    if (live?.session !== session) return;
    const { expiresAt, expiresWhy = "idle" } = live;
    const ends =
      expiresAt === undefined
        ? "only /reset ends it"
        : `it ends ${when(expiresAt * 1_000, clock.now())}: ${expiresWhy}`;
    this.#note(name, `session ${session} began; ${ends}`);
  }

  async #follow(name: string, heard: Heard): Promise<void> {
    const { conversation, session } = heard;
    const tell = (news: readonly string[], state: SessionState) => {
      for (const line of news) this.#note(name, line);
      void this.#tellMemories(name, heard, state);
    };
    try {
      await followSession(this.#gateway.services, { conversation, session, tell }, this.#closing.signal);
    } catch (error) {
      this.#fail(name, error);
    }
  }

  /** What the built-in memory has learnt since the last time. */
  async #tellMemories(name: string, heard: Heard, { hooks }: SessionState): Promise<void> {
    const { tenant, memory } = this.#config;
    const isBuiltin = (provider: string) => Object.hasOwn(memory, provider) && memory[provider]?.kind === "builtin";
    if (!hooks.some(({ provider, status }) => status === "delivered" && isBuiltin(provider))) return;
    const { platform, chat, user = { id: this.#who.user } } = heard;
    const scope = scopeOf({ tenant, platform, chat, user });
    try {
      const rows = await this.#gateway.adapters.memories.list(scope, MEMORIES);
      const fresh = rows.filter(({ id, at, kind }) => kind === "fact" && !this.#told.has(`${id} ${at}`));
      for (const { id, at, text } of fresh) {
        this.#told.add(`${id} ${at}`);
        this.#note(name, `remembered: ${singleLine(text)}`);
      }
    } catch (error) {
      this.#fail(name, error);
    }
  }

  #note(name: string, line: string): void {
    this.#print(`  · ${name}: ${line}`);
  }

  #fail(name: string, error: unknown): void {
    // The room is left, and its clients with it.
    if (this.#closing.signal.aborted) return;
    this.#note(name, `not followed any more: ${error instanceof Error ? singleLine(error.message) : String(error)}`);
  }
}

import type { Adapter } from "../adapter/Adapter.ts";
import type { Agent } from "../adapter/Agent.ts";
import type { MemoryProvider } from "../adapter/MemoryProvider.ts";
import type { Platform } from "../adapter/Platform.ts";
import type { ChatType } from "../domain/InboundMessage.ts";
import type { SessionPolicy } from "../domain/SessionPolicy.ts";

/** The configuration, checked and with every default filled in. Durations in milliseconds. */
export interface Config {
  /** Separates this gateway's users from another's in shared providers; part of every key. */
  readonly tenant: string;
  readonly agent: Adapter<Agent>;
  /** By the name in the webhook's path. */
  readonly platforms: Readonly<Record<string, Adapter<Platform>>>;
  /** Who may talk, by the platform's name. One that is not named is open to everybody. */
  readonly access: Readonly<Record<string, Access>>;
  /** By the name in the ledger. */
  readonly memory: Readonly<Record<string, Adapter<MemoryProvider>>>;
  readonly sessions: {
    readonly policy: SessionPolicy;
    /** Replace the policy, whole; the chat type's wins over the platform's. */
    readonly byPlatform: Readonly<Record<string, SessionPolicy>>;
    readonly byChatType: Partial<Readonly<Record<ChatType, SessionPolicy>>>;
  };
  /** In a group each member has a lane of their own, or all share one. A thread is always shared. */
  readonly groups: "per-member" | "shared";
  readonly inGroups: {
    /** `addressed`: only what names the bot, answers it or commands it. */
    readonly answer: "addressed" | "always";
    /** What the members say among themselves. `context`: it is recorded, so that the agent knows it later. */
    readonly between: "ignored" | "context";
  };
  readonly hooks: {
    /** Waits between attempts; when they are used up the hook is dead. */
    readonly retry: readonly number[];
    /** The most that one provider call may take. */
    readonly timeout: number;
    /**
     * What follows when a provider may have taken a session and has nothing that makes a repetition harmless: another
     * attempt, or a dead hook, for an operator to look there and to redrive or to discard it.
     */
    readonly unknown: "retry" | "park";
  };
  /** What is taken out of a transcript before it goes to any memory provider. */
  readonly cleaning: {
    /** API keys, tokens and their like. */
    readonly credentials: boolean;
    /** What the agent repeats, word for word, of the memories that it was given. */
    readonly recited: boolean;
  };
  readonly recall: { readonly timeout: number; readonly limit: number };
  /** How long transcripts are kept after a session ended; and never less than until every hook is done. */
  readonly retention: number;
  readonly notices: {
    /** Tell the user that, and why, a new session has begun. */
    readonly reset: boolean;
  };
}

/** Who may talk on a platform: these users anywhere, and everybody in these chats. The platform's own ids. */
export interface Access {
  readonly users: readonly string[];
  readonly chats: readonly string[];
  /** `refuse`: others get no answer. `pair`: they get a code, which an operator approves. `answer`: they may talk, too. */
  readonly others: "refuse" | "pair" | "answer";
}

import type { Command } from "commander";
import type { Terminal } from "./Terminal.ts";

/** Adds a command to its parent. */
type Add = (parent: Command, terminal: Terminal) => void;

/** Loads a command's file, and with it what the command needs of AWS's SDK: so a call loads no more than it uses. */
type Load = () => Promise<Add>;

/** A noun with its verbs, each a file. */
interface Noun {
  readonly description: string;
  readonly verbs: Readonly<Record<string, Load>>;
}

/** The commands of two words. */
export const NOUNS: Readonly<Record<string, Noun>> = {
  sessions: {
    description: "sessions and their transcripts",
    verbs: {
      ls: async () => (await import("./commands/sessions-ls.ts")).sessionsLs,
      show: async () => (await import("./commands/sessions-show.ts")).sessionsShow,
      end: async () => (await import("./commands/sessions-end.ts")).sessionsEnd,
      export: async () => (await import("./commands/sessions-export.ts")).sessionsExport,
    },
  },
  hooks: {
    description: "deliveries of ended sessions to memory providers",
    verbs: {
      ls: async () => (await import("./commands/hooks-ls.ts")).hooksLs,
      show: async () => (await import("./commands/hooks-show.ts")).hooksShow,
      groups: async () => (await import("./commands/hooks-groups.ts")).hooksGroups,
      redrive: async () => (await import("./commands/hooks-redrive.ts")).hooksRedrive,
      forward: async () => (await import("./commands/hooks-forward.ts")).hooksForward,
      discard: async () => (await import("./commands/hooks-discard.ts")).hooksDiscard,
    },
  },
  secrets: {
    description: "secrets that the config refers to",
    verbs: { check: async () => (await import("./commands/secrets-check.ts")).secretsCheck },
  },
  webhooks: {
    description: "where platforms send what users write",
    verbs: {
      set: async () => (await import("./commands/webhooks-set.ts")).webhooksSet,
      unset: async () => (await import("./commands/webhooks-unset.ts")).webhooksUnset,
    },
  },
};

/** The commands of one word, and those that have all their verbs in one file. */
export const SINGLES: Readonly<Record<string, Load>> = {
  init: async () => (await import("./commands/init.ts")).init,
  start: async () => (await import("./commands/start.ts")).start,
  replies: async () => (await import("./commands/replies.ts")).replies,
  inbound: async () => (await import("./commands/inbound.ts")).inbound,
  replay: async () => (await import("./commands/replay.ts")).replay,
  pair: async () => (await import("./commands/pair.ts")).pair,
  forget: async () => (await import("./commands/forget.ts")).forget,
  operations: async () => (await import("./commands/operations.ts")).operations,
  audit: async () => (await import("./commands/audit.ts")).audit,
  tail: async () => (await import("./commands/tail.ts")).tail,
  chat: async () => (await import("./commands/chat.ts")).chat,
  lab: async () => (await import("./commands/lab.ts")).lab,
  say: async () => (await import("./commands/say.ts")).say,
  send: async () => (await import("./commands/send.ts")).send,
  console: async () => (await import("./commands/console.ts")).consoleCommand,
  manifest: async () => (await import("./commands/manifest.ts")).manifest,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  policy: async () => (await import("./commands/policy.ts")).policy,
  completion: async () => (await import("./commands/completion.ts")).completion,
};

import type { Config } from "../../config/Config.ts";
import type { HookQueues } from "../../hooks/workHookJob.ts";
import type { Queue, Services } from "../../runtime/Services.ts";

/** What acts on hooks work with. */
export interface HookTools {
  readonly services: Pick<Services, "table" | "clock" | "random" | "newId">;
  readonly queues: HookQueues;
}

/** What bulk actions work with. */
export interface Tools extends HookTools {
  readonly queues: HookQueues & { readonly inbound: Queue; readonly inboundDeadLetters: Queue };
  /** Of `replay`, which makes hooks for a configured provider, and of the verbs for messages, which tells their conversations. */
  readonly config?: Pick<Config, "memory" | "tenant" | "groups">;
}

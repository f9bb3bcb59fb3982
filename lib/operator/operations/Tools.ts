import type { Config } from "../../config/Config.ts";
import type { HookQueues } from "../../hooks/workHookJob.ts";
import type { Queue, Services } from "../../runtime/Services.ts";

/** What acts on hooks work with. */
export interface HookTools {
  readonly services: Pick<Services, "table" | "clock" | "random" | "newId">;
  readonly queues: HookQueues;
}

/** What a replay works with: it makes hooks for a provider of the config. */
export interface ReplayTools extends HookTools {
  readonly config?: Pick<Config, "memory" | "tenant" | "groups">;
}

/** What bulk actions work with. Those for messages tell the messages' conversations by the config. */
export interface Tools extends ReplayTools {
  readonly queues: HookQueues & { readonly inbound: Queue; readonly inboundDeadLetters: Queue };
}

import type { Config } from "../../config/Config.ts";
import type { HookQueues } from "../../hooks/workHookJob.ts";
import type { Services } from "../../runtime/Services.ts";

/** What bulk actions work with. */
export interface Tools {
  readonly services: Pick<Services, "table" | "clock" | "newId">;
  readonly queues: HookQueues;
  /** Of `replay` alone, which makes hooks for a configured provider. */
  readonly config?: Pick<Config, "memory">;
}

import type { Hook } from "../hooks/Hook.ts";
import type { HookStatus } from "./filter/HookQuery.ts";

/** A hook's state as an operator calls it: one that an operator discarded is skipped to the functions. */
export function hookStatus({ status, discarded }: Pick<Hook, "status" | "discarded">): HookStatus {
  return status === "skipped" && discarded ? "discarded" : status;
}

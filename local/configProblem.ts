import { existsSync } from "node:fs";
import { VesperError } from "../lib/domain/VesperError.ts";
import { LocalError } from "./LocalError.ts";
import { UnreadableConfig } from "./UnreadableConfig.ts";

/**
 * What to tell of a config that can't be loaded: that it is not there, what `defineConfig` has found, or where its code is
 * wrong.
 *
 * @param path of the config, absolute
 * @param cause what loading it threw
 */
export function configProblem(path: string, cause: unknown): Error {
  if (!existsSync(path))
    return new LocalError(`there is no ${path}: write one, or name yours with VESPER_CONFIG`, { cause });
  if (cause instanceof VesperError) return cause;
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_REQUIRE_ASYNC_MODULE") {
    return new LocalError(`${path} can't be read: neither it nor what it imports may use a top-level await`, { cause });
  }
  return new UnreadableConfig(path, cause);
}

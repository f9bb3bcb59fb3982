import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Config } from "../lib/config/Config.ts";
import { VesperError } from "../lib/runtime/VesperError.ts";
import { LocalError } from "./LocalError.ts";

/**
 * Imports the team's config, which checks itself.
 *
 * @param path absolute
 * @throws VesperError when it is missing, wrong, or not what `defineConfig` makes
 */
export async function readConfig(path: string): Promise<Config> {
  if (!existsSync(path)) throw new LocalError(`there is no ${path}: write one, or name yours with VESPER_CONFIG`);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    if (error instanceof VesperError) throw error;
    throw new LocalError(`${path} can't be read: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  if (!isConfig(module.default)) {
    throw new LocalError(`${path} must end in "export default defineConfig({ … })", but its default export is another`);
  }
  return module.default;
}

/** `defineConfig` has checked what is in it; this tells its result from anything else. */
function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && ["agent", "platforms", "memory"].every((name) => name in value);
}

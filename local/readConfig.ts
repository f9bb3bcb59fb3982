import { pathToFileURL } from "node:url";
import * as v from "valibot";
import type { Config } from "../lib/config/Config.ts";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { configProblem } from "./configProblem.ts";

const moduleSchema = v.object({ default: v.optional(v.unknown()) });

/**
 * Imports the team's config, which checks itself.
 *
 * @param path absolute
 * @throws VesperError when it is missing, can't be read, is wrong, or not what `defineConfig` makes
 */
export async function readConfig(path: string): Promise<Config> {
  const module: unknown = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw configProblem(path, error);
  });
  return definedConfig(v.parse(moduleSchema, module).default, path);
}

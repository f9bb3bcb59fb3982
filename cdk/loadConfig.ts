import { createRequire } from "node:module";
import * as v from "valibot";
import type { Config } from "../lib/config/Config.ts";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { configProblem } from "../local/configProblem.ts";

const require = createRequire(import.meta.url);
const moduleSchema = v.object({ default: v.optional(v.unknown()) });

/**
 * The team's config, which checks itself when it is loaded. Loaded in place, as constructs are made without waiting; the
 * file may therefore not use a top-level `await`.
 *
 * @param path absolute path of `vesper.config.ts`
 * @throws VesperError when it is missing, can't be read, is wrong (with every problem), or not what `defineConfig` makes
 */
export function loadConfig(path: string): Config {
  let module: unknown;
  try {
    module = require(path);
  } catch (error) {
    throw configProblem(path, error);
  }
  return definedConfig(v.parse(moduleSchema, module).default, path);
}

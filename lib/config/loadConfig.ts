import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { VesperError } from "../domain/VesperError.ts";
import type { Config } from "./Config.ts";
import { definedConfig } from "./definedConfig.ts";
import { UnreadableConfig } from "./UnreadableConfig.ts";

const require = createRequire(import.meta.url);

const moduleSchema = v.object({ default: v.optional(v.unknown()) });

/** The config is not there, or is no module that can be loaded at once. */
class UnusableConfig extends VesperError {
  override readonly name = "UnusableConfig";
  readonly retry = false;
}

/**
 * The team's config, which checks itself when it is loaded.
 *
 * @param path absolute path of `vesper.config.ts`
 * @throws VesperError when it is missing, can't be read, is wrong (with every problem), or not what `defineConfig` makes
 */
export async function loadConfig(path: string): Promise<Config> {
  const module: unknown = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw problemOf(path, error);
  });
  return configOf(module, path);
}

/**
 * The same at once, as constructs are made without waiting. The file may therefore not use a top-level `await`.
 *
 * @throws what `loadConfig` throws
 */
export function requireConfig(path: string): Config {
  let module: unknown;
  try {
    module = require(path);
  } catch (error) {
    throw problemOf(path, error);
  }
  return configOf(module, path);
}

function configOf(module: unknown, path: string): Config {
  return definedConfig(v.parse(moduleSchema, module).default, path);
}

/** That it is not there, what `defineConfig` has found, or where its code is wrong. */
function problemOf(path: string, cause: unknown): Error {
  if (!existsSync(path)) {
    return new UnusableConfig(`there is no ${path}: write one, or name yours with VESPER_CONFIG`, { cause });
  }
  if (cause instanceof VesperError) return cause;
  if (cause instanceof Error && "code" in cause && cause.code === "ERR_REQUIRE_ASYNC_MODULE") {
    return new UnusableConfig(`${path} can't be read: neither it nor what it imports may use a top-level await`, {
      cause,
    });
  }
  return new UnreadableConfig(path, cause);
}

import { createRequire } from "node:module";
import type { Config } from "../lib/config/Config.ts";
import { VesperError } from "../lib/runtime/VesperError.ts";

const require = createRequire(import.meta.url);

/**
 * The team's config, which checks itself when it is loaded. Loaded in place, as constructs are made without waiting; the
 * file may therefore not use a top-level `await`.
 *
 * @param path absolute path of `vesper.config.ts`
 * @throws ConfigError when it is wrong, with every problem
 */
export function loadConfig(path: string): Config {
  const module: unknown = require(path);
  const config = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (isConfig(config)) return config;
  throw new NotAConfig(path);
}

/** `defineConfig` has checked what is in it; this tells its result from anything else. */
function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && ["agent", "platforms", "memory"].every((name) => name in value);
}

class NotAConfig extends VesperError {
  override readonly name = "NotAConfig";
  readonly retry = false;
  constructor(path: string) {
    super(`${path} must end in "export default defineConfig({ … })", but its default export is another`);
  }
}

import { ConfigError } from "../../../lib/adapter/errors.ts";
import { type ConfigInput, defineConfig } from "../../../lib/config/defineConfig.ts";

/** What `defineConfig` says of a config that its type would refuse. */
export function problemsOf(config: unknown): readonly string[] {
  try {
    defineConfig(config as ConfigInput);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

import type { Config } from "./Config.ts";

/** The name of every secret that a config refers to, each once. */
export function secretNames(config: Config): readonly string[] {
  const adapters = [config.agent, ...Object.values(config.platforms), ...Object.values(config.memory)];
  return [...new Set(adapters.flatMap((adapter) => adapter.secrets().map(({ secret }) => secret)))];
}

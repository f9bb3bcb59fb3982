import type { Config } from "../../lib/config/Config.ts";
import type { SecretRef } from "../../lib/config/secret.ts";

/** Every reference to a secret in a config; two may name the same one. */
export function secretRefs(config: Config): readonly SecretRef[] {
  const adapters = [config.agent, ...Object.values(config.platforms), ...Object.values(config.memory)];
  return adapters.flatMap((adapter) => adapter.secrets());
}

/** The name of every secret that a config refers to, each once. */
export function secretNames(config: Config): readonly string[] {
  return [...new Set(secretRefs(config).map(({ secret }) => secret))];
}

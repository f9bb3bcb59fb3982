import type { Adapter } from "../lib/config/Adapter.ts";

/** The names of the secrets that some of the config's adapters refer to, each once, in order. */
export function secretsOf(...adapters: readonly Adapter<unknown>[]): readonly string[] {
  return [...new Set(adapters.flatMap((adapter) => adapter.secrets().map(({ secret }) => secret)))].sort();
}

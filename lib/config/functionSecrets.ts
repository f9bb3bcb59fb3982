import type { Adapter } from "./Adapter.ts";
import type { Config } from "./Config.ts";

/** The functions that work with adapters, and so with secrets. */
export type FunctionWithSecrets = "webhook" | "message" | "session-end";

/**
 * The names of the secrets that a function may need, each once, in order. The stack grants it these and no others, and
 * the function reads them together, which Parameter Store refuses as a whole when one of them is not granted.
 */
export function functionSecrets(
  { agent, platforms, memory }: Pick<Config, "agent" | "platforms" | "memory">,
  name: FunctionWithSecrets,
): readonly string[] {
  const providers = Object.values(memory);
  const adapters: readonly Adapter<unknown>[] = {
    webhook: Object.values(platforms),
    // The platforms' to reply with, the providers' to recall with.
    message: [agent, ...Object.values(platforms), ...providers.filter(({ recalls }) => recalls !== false)],
    "session-end": providers,
  }[name];
  return [...new Set(adapters.flatMap((adapter) => adapter.secrets().map(({ secret }) => secret)))].sort();
}

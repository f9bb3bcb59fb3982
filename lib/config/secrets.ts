import type { Adapter } from "../adapter/Adapter.ts";
import type { Grant, MemoryUse } from "../adapter/Grant.ts";
import type { SecretRef } from "../adapter/options.ts";
import type { Config } from "./Config.ts";

/** Every reference to a secret in a config; two may name the same one. */
export function secretRefs(config: Config): readonly SecretRef[] {
  const adapters = [config.agent, ...Object.values(config.platforms), ...Object.values(config.memory)];
  return adapters.flatMap((adapter) => adapter.secrets());
}

/** The name of every secret that a config refers to, each once. */
export function secretNames(config: Config): readonly string[] {
  return [...new Set(secretRefs(config).map(({ secret }) => secret))];
}

/** The functions that work with adapters, and so with secrets. */
export type FunctionWithSecrets = "webhook" | "message" | "session-end";

/**
 * The names of the secrets that a function may need, each once, in order. The stack grants it these and no others, and
 * the function reads them together, which Parameter Store refuses as a whole when one of them is not granted.
 */
export function functionSecrets(config: Adapters, name: FunctionWithSecrets): readonly string[] {
  const refs = adaptersOf(config, name).flatMap((adapter) => adapter.secrets(useOf(name)));
  return [...new Set(refs.map(({ secret }) => secret))].sort();
}

/** What the adapters that a function builds may do in AWS, each grant once. */
export function functionGrants(config: Adapters, name: FunctionWithSecrets): readonly Grant[] {
  const use = useOf(name);
  const grants = adaptersOf(config, name)
    .flatMap((adapter) => adapter.grants())
    .filter(({ only = use }) => only === use);
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()];
}

/** What a function uses memory providers for; none in the webhook function. */
function useOf(name: FunctionWithSecrets): MemoryUse | undefined {
  if (name === "message") return "recall";
  return name === "session-end" ? name : undefined;
}

type Adapters = Pick<Config, "agent" | "platforms" | "memory">;

function adaptersOf({ agent, platforms, memory }: Adapters, name: FunctionWithSecrets): readonly Adapter<unknown>[] {
  const providers = Object.values(memory);
  return {
    webhook: Object.values(platforms),
    // The platforms' to reply with, the providers' to recall with.
    message: [agent, ...Object.values(platforms), ...providers.filter(({ recalls }) => recalls !== false)],
    "session-end": providers,
  }[name];
}

import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import type { Config } from "../../lib/config/Config.ts";
import { markDefined } from "../../lib/config/definedConfig.ts";
import type { Fault } from "./Fault.ts";

/** What a provider that throttles asks to wait, milliseconds: long enough to be seen, short enough to wait for. */
const RETRY_AFTER = 30_000;

/** Tells how a provider is broken at this moment; undefined when it is not. */
export type FaultOf = (provider: string) => Fault | undefined;

/** A config whose memory providers fail as they are broken; whichever adapter it is, also one that calls nobody. */
export function breakable(config: Config, faultOf: FaultOf): Config {
  const memory = Object.entries(config.memory).map(([name, adapter]) => [
    name,
    {
      ...adapter,
      create: (services: Parameters<typeof adapter.create>[0]) =>
        wrap(adapter.create(services), () => faultOf(name), name),
    },
  ]);
  return markDefined({ ...config, memory: Object.fromEntries(memory) });
}

function wrap(provider: MemoryProvider, faultNow: () => Fault | undefined, name: string): MemoryProvider {
  const { capabilities } = provider;
  const recall = provider.recall?.bind(provider);
  const forget = provider.forget?.bind(provider);
  const fail = async (signal: AbortSignal) => {
    const fault = faultNow();
    if (fault === "slow") await aborted(signal);
    if (fault !== undefined) throw errorOf(name, fault);
  };
  return {
    capabilities,
    async onSessionEnd(session, call) {
      await fail(call.signal);
      return provider.onSessionEnd(session, call);
    },
    ...(recall && {
      async recall(query, signal) {
        await fail(signal);
        return recall(query, signal);
      },
    }),
    ...(forget && { forget }),
  };
}

function errorOf(name: string, fault: Fault): DeliveryError {
  const broken = "(broken in the lab)";
  switch (fault) {
    case "down":
      return new DeliveryError("transient", `${name} answered 503 ${broken}`, { status: 503 });
    case "slow":
      return new DeliveryError("timeout", `${name} did not answer in time ${broken}`);
    case "401":
      return new DeliveryError("auth", `${name} answered 401 ${broken}`, { status: 401 });
    case "429":
      return new DeliveryError("throttled", `${name} answered 429 ${broken}`, { status: 429, retryAfter: RETRY_AFTER });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

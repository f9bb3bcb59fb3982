import { findSimulator } from "../../emulators/platforms/findSimulator.ts";
import type { PlatformSimulator } from "../../emulators/platforms/PlatformSimulator.ts";
import type { Adapter } from "../../lib/adapter/Adapter.ts";
import type { AdapterServices } from "../../lib/adapter/AdapterServices.ts";
import type { Platform } from "../../lib/adapter/Platform.ts";
import type { Config } from "../../lib/config/Config.ts";
import type { StackFile } from "../../lib/operator/gateway/stackFile.ts";
import { redirectingClient } from "../../lib/runtime/redirectingClient.ts";
import { type ServedPlatform, serveSimulators } from "./serveSimulators.ts";

/** Where a simulated platform believes the gateway to be: what it is told must be https and public. */
const PUBLIC = "https://gateway.example/webhooks";

export interface SimulatorOptions {
  readonly platforms: Config["platforms"];
  /** The secrets that are there, by name. */
  readonly given: ReadonlyMap<string, string>;
  /** Every platform that has a simulator, also one whose secrets are there. */
  readonly all: boolean;
  /** Called with what ends each part as soon as it runs. */
  readonly onStarted: (close: () => Promise<void>) => void;
}

/** The platforms that are simulated. */
export interface Simulators {
  /** Where the fake of each one's API answers, by the platform's name. */
  readonly urls: Readonly<Record<string, string>>;
  /** The values of their secrets, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Tells each where the gateway is, and lets people write on them. @param url where the gateway is, such as `http://127.0.0.1:8787` */
  serve(adapters: AdapterServices, url: string): Promise<NonNullable<StackFile["simulation"]> | undefined>;
}

/**
 * Starts the simulators of the platforms that have one and none of whose secrets are there: with a secret there the real
 * platform is meant.
 */
export async function startSimulators({ platforms, given, all, onStarted }: SimulatorOptions): Promise<Simulators> {
  const running: {
    readonly name: string;
    readonly adapter: Adapter<Platform>;
    readonly simulator: PlatformSimulator;
  }[] = [];
  for (const [name, adapter] of Object.entries(platforms)) {
    const names = adapter.secrets().map(({ secret }) => secret);
    const isMeant = all || (names.length > 0 && names.every((one) => !given.has(one)));
    const start = isMeant ? await findSimulator(adapter.kind) : undefined;
    if (!start) continue;
    const simulator = await start(adapter.options);
    onStarted(() => simulator.close());
    running.push({ name, adapter, simulator });
  }
  return {
    urls: Object.fromEntries(running.map(({ name, simulator }) => [name, simulator.url])),
    secrets: new Map(running.flatMap(({ simulator }) => Object.entries(simulator.secrets))),
    async serve(adapters, url) {
      if (running.length === 0) return undefined;
      const served = running.map(({ name, adapter, simulator }): ServedPlatform => {
        const http = redirectingClient(adapters.http, simulator.url);
        return { name, simulator, platform: adapter.create({ ...adapters, http }) };
      });
      for (const { name, platform } of served) await platform.register?.(`${PUBLIC}/${name}`);
      const control = await serveSimulators(served, url);
      onStarted(control.close);
      return {
        ...{ url: control.url, key: control.key },
        platforms: Object.fromEntries(served.map(({ name, simulator }) => [name, simulator.url])),
      };
    },
  };
}

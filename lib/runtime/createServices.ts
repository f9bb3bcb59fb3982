import { ulid } from "ulid";
import type { Adapter } from "../config/Adapter.ts";
import type { Config } from "../config/Config.ts";
import { tableMemoryStore } from "../memory/tableMemoryStore.ts";
import type { AdapterServices } from "./AdapterServices.ts";
import type { Clock } from "./Clock.ts";
import type { HttpClient } from "./HttpClient.ts";
import type { KnownSecrets } from "./knownSecrets.ts";
import type { Logger } from "./Logger.ts";
import type { Metrics } from "./Metrics.ts";
import type { Services, Table } from "./Services.ts";

/** What the services are built of. */
export interface Surroundings {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly table: Table;
  readonly http: HttpClient;
  readonly secrets: KnownSecrets;
}

/** Builds the services; each adapter when it is first asked for. */
export function createServices({ config, clock, log, metrics, table, http, secrets }: Surroundings): Services {
  const adapterServices: AdapterServices = {
    ...{ clock, http: secrets.shield(http), secrets },
    memories: tableMemoryStore(table),
  };
  const platform = builder(config.platforms, adapterServices);
  const provider = builder(config.memory, adapterServices);
  const agent = builder({ agent: config.agent }, adapterServices);
  return {
    config,
    clock,
    log,
    metrics,
    table,
    newId: () => ulid(clock.now()),
    scrub: secrets.scrub,
    platform,
    provider,
    agent: () => agent("agent") ?? config.agent.create(adapterServices),
  };
}

function builder<Instance>(
  adapters: Readonly<Record<string, Adapter<Instance>>>,
  services: AdapterServices,
): (name: string) => Instance | undefined {
  const built = new Map<string, Instance>();
  return (name) => {
    const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
    if (!adapter) return undefined;
    const instance = built.get(name) ?? adapter.create(services);
    built.set(name, instance);
    return instance;
  };
}

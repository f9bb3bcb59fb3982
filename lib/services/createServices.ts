import type { AdapterServices, AwsSettings } from "../adapter/AdapterServices.ts";
import type { HttpClient } from "../adapter/http/HttpClient.ts";
import type { KnownSecrets } from "../runtime/knownSecrets.ts";
import { ulid } from "../runtime/ulid.ts";
import { tableMemoryStore } from "../store/memories.ts";
import { builder } from "./builder.ts";
import type { CoreServices, Services } from "./Services.ts";

/** What the services are built of. */
export interface Surroundings extends Omit<CoreServices, "random"> {
  readonly http: HttpClient;
  readonly secrets: KnownSecrets;
  /** @default what the environment says */
  readonly aws?: AwsSettings;
}

/** Builds the services; each adapter when it is first asked for. */
export function createServices({ http, secrets, aws = {}, ...core }: Surroundings): Services {
  const { config, clock, log, metrics, table } = core;
  const adapterServices: AdapterServices = {
    ...{ clock, log, metrics, http: secrets.redactingClient(http), secrets, aws },
    memories: tableMemoryStore(table, clock, log),
  };
  const platform = builder(config.platforms, adapterServices);
  const provider = builder(config.memory, adapterServices);
  const agent = builder({ agent: config.agent }, adapterServices);
  return {
    ...core,
    newId: () => ulid(clock.now()),
    random: Math.random,
    redact: secrets.redact,
    platform,
    provider,
    agent: () => agent("agent") ?? config.agent.create(adapterServices),
  };
}

import type { AdapterServices } from "../adapter/AdapterServices.ts";
import { ulid } from "../runtime/ulid.ts";
import { builder } from "./builder.ts";
import type { Surroundings } from "./createServices.ts";
import type { EdgeServices } from "./Services.ts";

/** Builds the services of the webhook function; each platform when it is first asked for. */
export function createEdgeServices({ http, secrets, ...core }: Omit<Surroundings, "table" | "aws">): EdgeServices {
  const { config, clock, log, metrics } = core;
  const services: AdapterServices = {
    ...{ clock, log, metrics, http: secrets.redactingClient(http), secrets, aws: {} },
    memories: { put: noMemories, list: noMemories, clear: noMemories },
  };
  return { ...core, newId: () => ulid(clock.now()), platform: builder(config.platforms, services) };
}

/** The edge may not touch the table; and no memory provider is built there. */
function noMemories(): never {
  throw new Error("the webhook function has no memory rows");
}

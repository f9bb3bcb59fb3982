import type { Clock, LogFields } from "../../domain/observability.ts";
import { nodeHttpClient } from "../../runtime/nodeHttpClient.ts";
import type { AdapterServices } from "../AdapterServices.ts";
import { mapMemoryStore } from "./mapMemoryStore.ts";

/** Surroundings of an adapter under test. */
export interface TestServices extends AdapterServices {
  readonly clock: Clock & { set(time: number): void };
  readonly memories: ReturnType<typeof mapMemoryStore>;
  /** Counts what it was asked for. */
  readonly secrets: AdapterServices["secrets"] & { readonly asked: number };
  /** Values by name; tests change them. */
  readonly values: Record<string, string>;
  /** The metrics that were put. */
  readonly measured: readonly { readonly name: string; readonly value: number }[];
  /** The lines that were logged: the event and its facts. */
  readonly logged: readonly { readonly event: string; readonly fields: LogFields }[];
}

/**
 * Surroundings with a clock that stands still, secrets from `values`, memories in a map, and the functions' own HTTP
 * client, which waits `patience` milliseconds at the most.
 */
export function testServices(values: Record<string, string> = {}, patience = 1_000): TestServices {
  let now = Date.now();
  let asked = 0;
  const logged: { event: string; fields: LogFields }[] = [];
  const line = (event: string, fields: LogFields = {}) => void logged.push({ event, fields });
  const measured: { name: string; value: number }[] = [];
  return {
    logged,
    measured,
    metrics: { put: (name, value) => void measured.push({ name, value }) },
    log: { info: line, warn: line, error: (event, _error, fields) => line(event, fields) },
    values,
    clock: {
      now: () => now,
      until: async (time) => {
        now = Math.max(now, time);
      },
      set: (time) => {
        now = time;
      },
    },
    http: {
      send: (request) => nodeHttpClient.send({ ...request, timeout: Math.min(request.timeout, patience) }),
    },
    secrets: {
      get asked() {
        return asked;
      },
      async get({ secret }) {
        asked++;
        const value = values[secret];
        if (value === undefined) throw new Error(`no secret ${secret} in this test`);
        return value;
      },
    },
    memories: mapMemoryStore(),
    aws: { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } },
  };
}

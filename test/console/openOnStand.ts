import * as v from "valibot";
import { vi } from "vitest";
import { openConsole } from "../../console/openConsole.ts";
import { systemClock } from "../../lib/runtime/Clock.ts";
import { readConfig } from "../../local/readConfig.ts";
import { REGION, type Stand } from "../bin/stand.ts";

/** What the console answered. */
interface ConsoleAnswer {
  readonly status: number;
  /** The JSON, not looked into. */
  readonly body: unknown;
}

/**
 * Opens the operators' page for the deployed stack of a stand, as a browser that has its link.
 * The environment stays stubbed.
 *
 * @param more of the environment, beside what a machine with credentials has
 */
export async function openOnStand(stand: Stand, more: Readonly<Record<string, string>> = {}) {
  const env = { ...stand.machine, ...more };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const errors: unknown[] = [];
  const served = await openConsole({
    surroundings: { env, clock: systemClock },
    target: { stack: "Test", region: REGION },
    port: 0,
    readConfig,
    onError: (error) => errors.push(error),
  });
  const { origin, hash } = new URL(served.link());
  const token = hash.slice("#token=".length);
  const entered = await fetch(`${origin}/api/enter`, { method: "POST", body: JSON.stringify({ token }) });
  const { key } = v.parse(v.object({ key: v.string() }), await entered.json());
  const headers = { authorization: `Bearer ${key}` };
  const read = async (response: Response): Promise<ConsoleAnswer> => ({
    ...{ status: response.status, body: await response.json() },
  });
  return {
    origin,
    headers,
    /** What nobody at the page was told. */
    errors,
    get: async (path: string) => read(await fetch(origin + path, { headers })),
    post: async (path: string, body: unknown) =>
      read(await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) })),
    close: () => served.close(),
  };
}

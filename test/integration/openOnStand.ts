import { vi } from "vitest";
import { openConsole } from "../../console/openConsole.ts";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import { type CliHarness, REGION } from "../cli/cliHarness.ts";
import { enter } from "../unit/domain/enter.ts";

/**
 * Opens the operators' page for the deployed stack of a stand, as a browser that has its link. The environment stays stubbed.
 *
 * @param more of the environment, beside what a machine with credentials has
 */
export async function openOnStand(cliHarness: CliHarness, more: Readonly<Record<string, string>> = {}) {
  const env = { ...cliHarness.machine, ...more };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const errors: unknown[] = [];
  const served = await openConsole({
    surroundings: { env, clock: systemClock },
    target: { stack: "Test", region: REGION },
    port: 0,
    loadConfig,
    onError: (error) => errors.push(error),
  });
  /** `errors`: what nobody at the page was told. */
  return { ...(await enter(served.link())), errors, close: () => served.close() };
}

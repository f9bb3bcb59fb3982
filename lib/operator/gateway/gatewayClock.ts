import type { Clock } from "../../domain/observability.ts";
import { type Surroundings, stackPath, type Target } from "./address.ts";
import { NotRunning, readStack } from "./localAddress.ts";

/**
 * The clock that a gateway goes by, and whoever looks at it: that of one on this machine may be moved at any time, and
 * refuses what is signed by another. A deployed one has the machine's; so has one that does not run, which `connect` tells.
 *
 * @param target which gateway; is asked each time, as a command line is read later
 */
export function gatewayClock({ env, clock }: Surroundings, target: () => Target): Clock {
  const now = () => clock.now() + (target().stack === undefined ? localOffset(env) : 0);
  return { now, until: (time) => clock.until(clock.now() + time - now()) };
}

/** Milliseconds. */
function localOffset(env: Surroundings["env"]): number {
  try {
    const { pid, clockOffset } = readStack(stackPath(env));
    // In the gateway's own process the machine's clock is moved already.
    return pid === process.pid ? 0 : clockOffset;
  } catch (error) {
    if (error instanceof NotRunning) return 0;
    throw error;
  }
}

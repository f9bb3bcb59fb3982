import type { Clock } from "../../runtime/Clock.ts";
import { readStack } from "./readStack.ts";
import type { Surroundings } from "./Surroundings.ts";
import { stackPath } from "./stackPath.ts";

/**
 * The clock of the gateway on this machine, which may be moved at any time: it refuses what is signed by another. What a
 * call throws is what `readStack` throws.
 */
export function localClock({ env, clock }: Surroundings): Clock {
  const now = () => {
    const { pid, clockOffset } = readStack(stackPath(env));
    // In the gateway's own process the machine's clock is moved already.
    return clock.now() + (pid === process.pid ? 0 : clockOffset);
  };
  return { now, until: (time) => clock.until(clock.now() + time - now()) };
}

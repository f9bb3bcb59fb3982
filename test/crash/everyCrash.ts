import { Killed } from "../harness/CallGate.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/**
 * Plays a scenario again and again, each time with one of its steps killed one call further on: before the call, then after
 * it. Ends when the step makes no more calls. Answers how many crashes were played.
 *
 * @param scenario gets a name of its own for its conversation, and `killed`, which runs the step that is to be killed
 */
export async function everyCrash(
  harness: GatewayHarness,
  scenario: (name: string, killed: (step: () => Promise<unknown>) => Promise<void>) => Promise<void>,
): Promise<number> {
  for (let played = 0; ; played++) {
    const when = played % 2 === 0 ? "before" : "after";
    const call = Math.floor(played / 2);
    let happened = false;
    await scenario(`${when}-${call}`, async (step) => {
      harness.gate.plan({ call, when });
      try {
        await step();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      happened = !harness.gate.pending;
      harness.gate.plan(undefined);
    });
    if (!happened) return played;
  }
}

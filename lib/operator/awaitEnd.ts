import type { Services } from "../services/Services.ts";
import type { EndOutcome } from "../store/endLive.ts";
import { endSession } from "./endSession.ts";

/** Between two tries, milliseconds: a turn that is under way takes seconds. */
const PAUSE = 500;

/**
 * Ends a session; while a turn is under way, tries again.
 *
 * @param deadline when to give up, milliseconds since the epoch
 * @returns `busy` when a turn was under way even then
 */
export async function awaitEnd(
  services: Pick<Services, "table" | "clock" | "newId">,
  { conversation, session }: { readonly conversation: string; readonly session: string },
  deadline: number,
): Promise<EndOutcome> {
  const { clock } = services;
  for (;;) {
    const outcome = await endSession(services, conversation, session);
    if (outcome !== "busy" || clock.now() >= deadline) return outcome;
    await clock.until(Math.min(clock.now() + PAUSE, deadline));
  }
}

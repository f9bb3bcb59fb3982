import type { Session } from "../domain/Session.ts";
import type { Services } from "../services/Services.ts";
import { type EndOutcome, endLive } from "../store/endLive.ts";
import { recordAudit } from "./audit.ts";
import { findSession } from "./findSession.ts";

/** Ends a live session on an operator's word. */
export function endSession(
  services: Pick<Services, "table" | "clock" | "newId">,
  conversation: string,
  session: string,
): Promise<EndOutcome> {
  return endLive(services, conversation, session, "api", services.newId());
}

/** What came of it: as `endSession` says, or that there is no such session (any more). */
export type EndByIdOutcome =
  | { readonly outcome: EndOutcome; readonly session: Session }
  | { readonly outcome: "unknown" };

/**
 * Ends a live session, found by its id alone, and writes into the audit log who did. Its hooks are written by the expiry
 * function a moment later.
 */
export async function endSessionById(
  services: Pick<Services, "table" | "clock" | "newId">,
  id: string,
  who: string,
): Promise<EndByIdOutcome> {
  const session = await findSession(services, id);
  if (!session) return { outcome: "unknown" };
  await recordAudit(services, { who, action: "sessions end", target: id });
  return { outcome: await endSession(services, session.conversation, id), session };
}

import type { Services } from "../runtime/Services.ts";
import { resolveSession } from "./resolveSession.ts";
import { UnknownSession } from "./UnknownSession.ts";

/**
 * The id of the session whose hooks a person means. Of a session that is unknown as such there may be hooks all the same:
 * then it is what was given.
 *
 * @throws CommandFailed when several sessions have it
 */
export async function sessionOf(services: Pick<Services, "table">, given: string): Promise<string> {
  try {
    return (await resolveSession(services, given)).session;
  } catch (error) {
    if (error instanceof UnknownSession) return given;
    throw error;
  }
}

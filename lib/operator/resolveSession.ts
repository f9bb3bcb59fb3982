import { keyTail } from "../runtime/keys.ts";
import type { Services } from "../runtime/Services.ts";
import type { Session } from "../session/Session.ts";
import { CommandFailed } from "./CommandFailed.ts";
import { findSession } from "./findSession.ts";
import { stateReader } from "./pages/stateReader.ts";
import { UnknownSession } from "./UnknownSession.ts";

/** The length of a whole id, a ULID's. */
const WHOLE = 26;

/** Shorter ones name too many. */
const SHORTEST = 4;

/** The most ids that an error names. */
const MOST_NAMED = 5;

/**
 * The session that a person means: by its whole id, or by an end or a beginning of it that no other session has.
 *
 * @throws UnknownSession, or CommandFailed when several have it
 */
export async function resolveSession(services: Pick<Services, "table">, given: string): Promise<Session> {
  const text = given.replace(/^(…|\.{2,3})/, "");
  const exact = (await findSession(services, text)) ?? (await findShort(services, text.toUpperCase()));
  if (!exact) throw new UnknownSession(given);
  return exact;
}

async function findShort(services: Pick<Services, "table">, text: string): Promise<Session | undefined> {
  if (text.length >= WHOLE || text.length < SHORTEST) return undefined;
  const found = new Set<string>();
  for (const state of ["DUE", "ENDED"] as const) {
    const reader = stateReader(services.table, { state, kind: "SESSION#", order: "newest" });
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      const id = keyTail(entry.sk);
      if (id.endsWith(text) || id.startsWith(text)) found.add(id);
      if (found.size > MOST_NAMED) break;
    }
  }
  const [only, ...others] = found;
  if (others.length > 0) {
    const named = [...found].slice(0, MOST_NAMED).join(", ");
    throw new CommandFailed(`"${text}" is the end or the beginning of several sessions: ${named}; give more of the id`);
  }
  return only === undefined ? undefined : findSession(services, only);
}

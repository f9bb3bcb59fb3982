import * as v from "valibot";
import { endSessionById } from "../../../lib/operator/endSession.ts";
import { parseSessionFilter } from "../../../lib/operator/filter/parseFilter.ts";
import { resolveSession, showSession, UnknownSession } from "../../../lib/operator/findSession.ts";
import { listSessions } from "../../../lib/operator/listSessions.ts";
import { sessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { sessionView } from "../../../lib/operator/views.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody, readName, readPaging } from "./readInput.ts";

const endSchema = v.object({ session: v.string() });

/** Sessions: listed, shown, ended. */
export function sessionsApi({ gateway }: ApiContext): Api {
  const { services } = gateway;
  return {
    "GET /api/sessions": async (request) => {
      const filter = parseSessionFilter(request.query.get("filter") ?? "", services.clock.now());
      const { sessions, unread, next = null } = await listSessions(services, { ...filter, ...readPaging(request) });
      return { sessions: sessions.map(sessionView), unread, next };
    },
    "GET /api/session": async (request) => {
      const { session } = await resolveSession(services, readName(request, "id"));
      const shown = await showSession(services, session);
      if (!shown) throw new UnknownSession(session);
      return sessionDetails(shown);
    },
    "POST /api/sessions/end": async (request) => {
      const { session } = readBody(endSchema, request);
      const ended = await endSessionById(services, session, await gateway.caller());
      if (ended.outcome === "unknown") throw new UnknownSession(session);
      return { outcome: ended.outcome };
    },
  };
}

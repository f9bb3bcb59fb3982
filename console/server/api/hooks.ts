import * as v from "valibot";
import { recordAudit } from "../../../lib/operator/audit.ts";
import { parseHookFilter } from "../../../lib/operator/filter/parseFilter.ts";
import { listGroups } from "../../../lib/operator/listGroups.ts";
import { listHooks } from "../../../lib/operator/listHooks.ts";
import { actOnHooks } from "../../../lib/operator/operations/actOnHooks.ts";
import { hookView } from "../../../lib/operator/views.ts";
import { ConsoleError } from "../ConsoleError.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody, readPaging, whySchema } from "./readInput.ts";

const actSchema = v.object({
  verb: v.picklist(["redrive", "forward", "discard", "restore"]),
  why: whySchema,
  hooks: v.pipe(v.array(v.object({ session: v.string(), provider: v.string() })), v.minLength(1), v.maxLength(100)),
});

/** Hooks: listed, grouped by error, and those that are selected acted on at once. */
export function hooksApi({ gateway }: ApiContext): Api {
  const { services, queues } = gateway;
  const queryOf = (text: string | null) => parseHookFilter(text ?? "", services.clock.now());
  return {
    "GET /api/hooks": async (request) => {
      const query = queryOf(request.query.get("filter"));
      const { hooks, unread, next = null } = await listHooks(services, { ...query, ...readPaging(request) });
      return { hooks: hooks.map((hook) => ({ ...hookView(hook), createdAt: iso(hook.createdAt) })), unread, next };
    },
    "GET /api/hooks/groups": (request) => listGroups(services, queryOf(request.query.get("filter"))),
    "POST /api/hooks/act": async (request) => {
      const { verb, why, hooks } = readBody(actSchema, request);
      if (verb === "discard" && !why) throw new ConsoleError(400, "say why: a discard is written down with its reason");
      const who = await gateway.caller();
      const [first] = hooks;
      const target =
        hooks.length === 1 && first ? `id:${first.session} provider:${first.provider}` : `${hooks.length} hooks`;
      await recordAudit(services, { who, action: `hooks ${verb}`, target, ...(why ? { why } : {}) });
      const done = await actOnHooks({ services, queues }, verb, { who, ...(why ? { why } : {}) }, hooks);
      return { done: done.length, left: hooks.length - done.length };
    },
  };
}

const iso = (at: number) => new Date(at).toISOString();

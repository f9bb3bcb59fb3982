import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { auditEntrySchema } from "../../../lib/operator/audit.ts";
import { listRecords } from "../../../lib/operator/listRecords.ts";
import { cancelOperation } from "../../../lib/operator/operations/cancelOperation.ts";
import { findOperation, operationSchema, VERBS } from "../../../lib/operator/operations/Operation.ts";
import { operationView } from "../../../lib/operator/operations/OperationView.ts";
import { type Plan, planOperation } from "../../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../../lib/operator/operations/startOperation.ts";
import { isoTime } from "../../../lib/operator/views.ts";
import { ConsoleError } from "../ConsoleError.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody, readName, readPaging, whySchema } from "./readInput.ts";

/** Plans that are kept until somebody agrees to one; the oldest goes first. */
const MOST_PLANS = 20;

const optional = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema));

const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

const planSchema = v.object({
  verb: v.picklist(VERBS),
  filter: v.pipe(v.string(), v.maxLength(1000)),
  provider: v.exactOptional(v.string()),
  again: v.exactOptional(v.boolean()),
  rate: optional(whole(10_000)),
});

const startSchema = v.object({
  plan: v.string(),
  name: optional(
    v.pipe(v.string(), v.trim(), v.regex(/^[\w-]{1,60}$/, "give letters, digits and hyphens, 60 at the most")),
  ),
  why: whySchema,
  canary: optional(whole(100)),
  rate: optional(whole(10_000)),
});

const whichSchema = v.object({ id: v.string() });

/** Bulk actions: planned, begun, watched, cancelled, resumed; and what operators did. The console does them itself. */
export function operationsApi({ gateway, config, signal }: ApiContext, onError: (error: unknown) => void): Api {
  const { services, queues } = gateway;
  const tools = { services, queues, config };
  const plans = new Map<string, Plan>();
  const now = () => services.clock.now();
  const view = async (id: string) => operationView(await findOperation(services, id), now());
  /** In the background: the page watches its row, as any other operator's does. */
  const run = (id: string) => void runOperation(tools, id, { signal }).catch(onError);
  return {
    "POST /api/plan": async (request) => {
      const { rate, ...scope } = readBody(planSchema, request);
      const plan = await planOperation(tools, { ...scope, before: now() }, rate ?? undefined);
      const id = randomUUID();
      plans.set(id, plan);
      for (const old of [...plans.keys()].slice(0, -MOST_PLANS)) plans.delete(old);
      const { count, oldest, newest, providers, groups, skipped, seconds, unread } = plan;
      return {
        ...{
          plan: id,
          verb: scope.verb,
          filter: scope.filter,
          count,
          oldest: isoTime(oldest),
          newest: isoTime(newest),
        },
        ...{ providers, groups, skipped, seconds, unread },
      };
    },
    "POST /api/operations": async (request) => {
      const { plan: id, name, why, canary, rate } = readBody(startSchema, request);
      const plan = plans.get(id);
      if (!plan) throw new ConsoleError(409, "this plan is gone, or was begun: make it anew");
      const who = await gateway.caller();
      const options = {
        name: name ?? undefined,
        why: why || undefined,
        canary: canary ?? undefined,
        rate: rate ?? undefined,
      };
      const operation = await startOperation(tools, plan, { who, ...options });
      plans.delete(id);
      run(operation.id);
      return operationView(operation, now());
    },
    "GET /api/operations": async (request) => {
      const {
        records,
        unread,
        next = null,
      } = await listRecords(services, "OPERATION", operationSchema, readPaging(request));
      return { operations: records.map((record) => operationView(record, now())), unread, next };
    },
    "GET /api/operation": (request) => view(readName(request, "id")),
    "POST /api/operations/cancel": async (request) => {
      const operation = await findOperation(services, readBody(whichSchema, request).id);
      return operationView(await cancelOperation({ services }, operation, await gateway.caller()), now());
    },
    "POST /api/operations/resume": async (request) => {
      const { id } = await findOperation(services, readBody(whichSchema, request).id);
      run(id);
      return view(id);
    },
    "GET /api/audit": async (request) => {
      const {
        records,
        unread,
        next = null,
      } = await listRecords(services, "AUDIT", auditEntrySchema, readPaging(request));
      return { entries: records.map(({ at, ...entry }) => ({ at: isoTime(at), ...entry })), unread, next };
    },
  };
}

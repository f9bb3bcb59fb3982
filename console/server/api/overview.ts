import { examine } from "../../../lib/operator/doctor/examine.ts";
import type { Finding } from "../../../lib/operator/doctor/Finding.ts";
import { countStates } from "../../../lib/operator/findByState.ts";
import { listBreakers } from "../../../lib/operator/listBreakers.ts";
import { oldestDue } from "../../../lib/operator/oldestDue.ts";
import { isoTime } from "../../../lib/operator/views.ts";
import { queueDepth } from "../../../lib/queues/queueDepth.ts";
import { ConsoleError } from "../ConsoleError.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { chatPlatforms } from "./chatPlatforms.ts";

const HOUR = 3_600_000;

/** Steps of a chart: as many as a screen shows apart. */
const STEPS = 30;

/** How long one examination may take; it sends nothing. Milliseconds. */
const EXAMINATION = 10_000;

/** What the gateway is, how it does, and what was measured. */
export function overviewApi(context: ApiContext): Api {
  const { gateway, config, lab, surroundings, target, loadConfig, readMetrics } = context;
  const { services, queues, address } = gateway;
  const now = () => services.clock.now();
  const providers = Object.keys(config.memory);
  return {
    "GET /api/about": async () => ({
      name: address.name,
      region: address.region,
      isLocal: address.deployment === undefined,
      who: await gateway.caller(),
      providers,
      platforms: Object.keys(config.platforms),
      chats: chatPlatforms(config, Object.keys(address.simulation?.platforms ?? {})),
      now: isoTime(now()),
      lab: lab ? lab.state() : null,
    }),
    "GET /api/overview": async () => {
      const [counts, inbound, dlq, breakers, due] = await Promise.all([
        countStates(services),
        queueDepth(queues.inboundDlq),
        queueDepth(queues.dlq),
        listBreakers(services, providers),
        oldestDue(services),
      ]);
      return {
        now: isoTime(now()),
        ...counts,
        inbound: inbound.waiting + inbound.inFlight,
        dlq: dlq.waiting + dlq.inFlight,
        breakers: breakers.rows.map(({ provider, status, openedAt, failures }) => ({
          ...{ provider, status, failures, openedAt: isoTime(openedAt) },
        })),
        overdueBy: due ? Math.max(0, now() - due.at) : 0,
      };
    },
    "GET /api/metrics": async ({ query }) => {
      const hours = Number(query.get("hours") ?? 1);
      if (!(hours > 0 && hours <= 24 * 14)) throw new ConsoleError(400, "hours must be above 0, and 336 at the most");
      const step = Math.max(60_000, Math.ceil((hours * HOUR) / STEPS / 60_000) * 60_000);
      const to = Math.ceil(now() / step) * step;
      return readMetrics({ from: to - Math.ceil((hours * HOUR) / step) * step, to, step });
    },
    "GET /api/health": async () => {
      const findings: Finding[] = [];
      for await (const finding of examine(surroundings, target, { wait: EXAMINATION }, loadConfig))
        findings.push(finding);
      return { at: isoTime(now()), findings };
    },
  };
}

import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { sectionOf } from "../../../lib/operator/alarms.ts";
import type { Deployment } from "../../../lib/operator/gateway/address.ts";
import { isoTime } from "../../../lib/operator/views.ts";
import { clientDefaults } from "../../../lib/services/environment.ts";
import { ConsoleError } from "../ConsoleError.ts";
import { readRunbook } from "../runbook.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readName } from "./readInput.ts";

/** An alarm as the page shows it. */
export interface AlarmView {
  /** Behind the stack's name. */
  readonly name: string;
  /** `ALARM`, `OK` or `INSUFFICIENT_DATA`; null: on this machine no alarm rings. */
  readonly state: string | null;
  /** Since when, in ISO 8601. */
  readonly since: string | null;
  /** What it means, the usual causes and the next step. */
  readonly text: string;
  /** The section of docs/operate/runbook.md. */
  readonly section: string;
}

/** The alarms and what to do about them. */
export function alarmsApi({ gateway: { address } }: ApiContext): Api {
  return {
    "GET /api/alarms": async (): Promise<{ readonly alarms: readonly AlarmView[] }> => ({
      alarms: address.deployment ? await deployedAlarms(address.name, address.deployment) : await localAlarms(),
    }),
    "GET /api/runbook": async (request) => {
      const section = readName(request, "section");
      const text = (await readRunbook()).sections.get(section);
      if (text === undefined) throw new ConsoleError(404, `docs/operate/runbook.md has no section ${section}`);
      return { text };
    },
  };
}

async function deployedAlarms(stack: string, { settings }: Deployment): Promise<readonly AlarmView[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient({ ...clientDefaults, ...settings });
  try {
    const found: MetricAlarm[] = [];
    const input = { AlarmNamePrefix: `${stack}-`, AlarmTypes: ["MetricAlarm" as const] };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, input)) found.push(...MetricAlarms);
    return found.map(({ AlarmName = "", AlarmDescription: text = "", StateValue: state = null, ...alarm }) => {
      const name = AlarmName.slice(stack.length + 1);
      const since = isoTime(alarm.StateTransitionedTimestamp?.getTime()) ?? null;
      return { name, state, since, text, section: sectionOf(name) };
    });
  } finally {
    client.destroy();
  }
}

/** What would ring if it were deployed. */
async function localAlarms(): Promise<readonly AlarmView[]> {
  const { alarms } = await readRunbook();
  return alarms.map(({ names, means, act, section }) => ({
    ...{ name: names.join(", "), state: null, since: null, text: `${means}; ${act}`, section },
  }));
}

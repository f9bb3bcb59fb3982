import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { clientDefaults } from "../../lib/runtime/clientDefaults.ts";
import type { Deployment } from "../Address.ts";
import type { Gateway } from "../connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** The most that the runner on this machine may take to answer, milliseconds. */
const TIMEOUT = 2_000;

/** What runs by the clock, and the stack's output with its schedule's name. */
const SCHEDULES = [
  ["sweep", "SweepScheduleName"],
  ["retention", "RetentionScheduleName"],
] as const;

/** Whether the schedules are on; on this machine, whether the runner that plays them answers. */
export async function checkSchedules({ address, adapters }: Gateway): Promise<readonly Finding[]> {
  const { deployment, webhookUrl } = address;
  if (!deployment) {
    const { status } = await adapters.http.send({
      url: new URL("/healthz", webhookUrl).href,
      method: "GET",
      timeout: TIMEOUT,
    });
    if (status === 200) return [ok("schedule", "npm start answers, and runs them")];
    return [failed("schedule", `npm start answers ${status}: wait a moment, or start it anew`)];
  }
  const client = new SchedulerClient({ ...clientDefaults, ...deployment.settings });
  try {
    return await Promise.all(SCHEDULES.map(([name, output]) => checkSchedule(client, name, output, deployment)));
  } finally {
    client.destroy();
  }
}

async function checkSchedule(
  client: SchedulerClient,
  name: string,
  output: string,
  { outputs }: Deployment,
): Promise<Finding> {
  const check = `${name} schedule`;
  const Name = outputs[output];
  if (Name === undefined) return failed(check, `the stack has no output ${output}: deploy it with npx cdk deploy`);
  try {
    const { State = "unknown" } = await client.send(new GetScheduleCommand({ Name }));
    if (State === "ENABLED") return ok(check, `${Name} is ENABLED`);
    return failed(check, `${Name} is ${State}: enable it in EventBridge Scheduler, or deploy again`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    return failed(check, `${Name} is gone: somebody deleted it; take it out of the stack, deploy, and put it back`);
  }
}

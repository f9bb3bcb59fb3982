import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { clientDefaults } from "../../services/environment.ts";
import type { Address, Deployment } from "../gateway/address.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** States of a stack that is whole. An update that is under way changes one part after the other, each of which works. */
const WHOLE = new Set([
  "CREATE_COMPLETE",
  "IMPORT_COMPLETE",
  "UPDATE_COMPLETE",
  "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
  "UPDATE_IN_PROGRESS",
]);

/** Whether the last deployment went through. */
export function checkStack({ name, region, webhookUrl, deployment }: Address): Finding {
  if (!deployment) return ok("stack", `${name} runs on this machine, ${webhookUrl}`);
  const found = `${name} in ${region}, ${deployment.status}`;
  if (WHOLE.has(deployment.status)) return ok("stack", found);
  return failed("stack", `${found}: see its events with aws cloudformation describe-stack-events, then deploy again`);
}

/** The most that the runner on this machine may take to answer, milliseconds. */
const TIMEOUT = 2_000;

/** What runs by the clock, and the stack's output with the names of its schedules, with commas between. */
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
    const found = SCHEDULES.map(([name, output]) => checkAll(client, name, output, deployment));
    return (await Promise.all(found)).flat();
  } finally {
    client.destroy();
  }
}

async function checkAll(
  client: SchedulerClient,
  name: string,
  output: string,
  { outputs }: Deployment,
): Promise<readonly Finding[]> {
  const check = `${name} schedule`;
  const names = outputs[output];
  if (names === undefined) return [failed(check, `the stack has no output ${output}: deploy it with npx cdk deploy`)];
  return Promise.all(names.split(",").map((Name) => checkSchedule(client, check, Name)));
}

async function checkSchedule(client: SchedulerClient, check: string, Name: string): Promise<Finding> {
  try {
    const { State = "unknown" } = await client.send(new GetScheduleCommand({ Name }));
    if (State === "ENABLED") return ok(check, `${Name} is ENABLED`);
    return failed(check, `${Name} is ${State}: enable it in EventBridge Scheduler, or deploy again`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    return failed(check, `${Name} is gone: somebody deleted it; take it out of the stack, deploy, and put it back`);
  }
}

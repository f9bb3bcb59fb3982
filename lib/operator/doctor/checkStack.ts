import type { Address } from "../gateway/Address.ts";
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

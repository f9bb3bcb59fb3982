import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Scenario } from "./Scenario.ts";

/** Every dead hook has its message on the dead-letter queue, or on its way back to the worker, or was when a queue was deleted. */
export function checkDlq({ actions }: Scenario, { queues, deleted }: Gateway, monitor: InvariantMonitor): void {
  if (actions.some(({ does }) => does === "empty")) return;
  const onTheirWay = [...queues.sessionEnd.values()].flatMap((queue) => queue.bodies());
  const dlqMessages = [...queues.sessionEndDead.bodies(), ...onTheirWay, ...deleted].map(
    (body) => JSON.parse(body) as { readonly session: string; readonly provider: string },
  );
  for (const [name, { status, session, provider }] of monitor.hooks) {
    const has = dlqMessages.some((dlqMessage) => dlqMessage.session === session && dlqMessage.provider === provider);
    if (status === "dead" && !has) monitor.violate("a dead hook has its dead letter", name);
  }
}

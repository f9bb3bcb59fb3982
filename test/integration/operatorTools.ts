import type { Tools } from "../../lib/operator/operations/Operation.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** What an operator of a world's gateway acts with. */
export function operatorTools(harness: GatewayHarness): Tools {
  const { inbound, inboundDead, sessionEnd, sessionEndDead } = harness.wiring.queues;
  const queue = (url: string) => ({ client: harness.operatorQueues, url });
  return {
    services: { ...harness.services, table: harness.operatorTable },
    queues: {
      sessionEnd: new Map(Object.entries(sessionEnd).map(([name, url]) => [name, queue(url)])),
      dlq: queue(sessionEndDead),
      inbound: queue(inbound),
      inboundDlq: queue(inboundDead),
    },
    config: harness.services.config,
  };
}

/** The same, where the gateway works while an operator waits. */
export function patientTools(harness: GatewayHarness): Tools {
  const tools = operatorTools(harness);
  const until = async (time: number) => {
    await harness.settle();
    await harness.clock.until(time);
  };
  return { ...tools, services: { ...tools.services, clock: { ...harness.clock, until } } };
}

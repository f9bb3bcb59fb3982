import type { Tools } from "../../lib/operator/operations/Tools.ts";
import type { World } from "../world/World.ts";

/** What an operator of a world's gateway acts with. */
export function operatorTools(world: World): Tools {
  const { inbound, inboundDead, sessionEnd, sessionEndDead } = world.wiring.queues;
  const queue = (url: string) => ({ client: world.operatorQueues, url });
  return {
    services: { ...world.services, table: world.operatorTable },
    queues: {
      sessionEnd: new Map(Object.entries(sessionEnd).map(([name, url]) => [name, queue(url)])),
      deadLetters: queue(sessionEndDead),
      inbound: queue(inbound),
      inboundDeadLetters: queue(inboundDead),
    },
    config: world.services.config,
  };
}

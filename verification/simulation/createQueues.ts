import { wiring } from "../../cdk/wiring.ts";
import { ModelQueue } from "./aws/ModelQueue.ts";
import type { Faults } from "./Faults.ts";
import type { Random } from "./Random.ts";
import type { Timeline } from "./Timeline.ts";

/** The queues of a gateway. */
export type Queues = Readonly<Record<"inbound" | "inboundDead" | "sessionEndDead" | "visits", ModelQueue>> & {
  /** By provider: those that any of the scenario's configs has. */
  readonly sessionEnd: ReadonlyMap<string, ModelQueue>;
};

/** The queues as the template has them, one of hooks for each of the providers. */
export function createQueues(
  timeline: Timeline,
  faults: Faults,
  random: Random,
  providers: ReadonlySet<string>,
): Queues {
  const behaviour = {
    duplicates: () => faults.happens("queuedTwice"),
    refuses: () => faults.happens("entryRefused"),
    chooses: (count: number) => random.whole(0, count - 1),
  };
  type Settings = typeof wiring.inbound | typeof wiring.sessionEnd;
  const now = () => timeline.now;
  const createDead = (fifo: boolean, { retention }: Settings) =>
    new ModelQueue({ fifo, visibilityTimeout: 30, retention }, behaviour, now);
  const create = (fifo: boolean, of: Settings, to: ModelQueue) => {
    const { visibilityTimeout, retention, maxReceiveCount } = of;
    return new ModelQueue({ fifo, visibilityTimeout, retention, redrive: { to, maxReceiveCount } }, behaviour, now);
  };
  const inboundDead = createDead(true, wiring.inbound);
  const sessionEndDead = createDead(false, wiring.sessionEnd);
  return {
    inbound: create(true, wiring.inbound, inboundDead),
    inboundDead,
    sessionEnd: new Map([...providers].map((name) => [name, create(false, wiring.sessionEnd, sessionEndDead)])),
    sessionEndDead,
    visits: new ModelQueue({ fifo: false, ...wiring.visits }, behaviour, now),
  };
}

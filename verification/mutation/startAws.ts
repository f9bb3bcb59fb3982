import { QueueDoesNotExist } from "@aws-sdk/client-sqs";
import { wiring } from "../../cdk/wiring.ts";
import type { Aws } from "../../test/harness/startAws.ts";
import type { Item } from "../simulation/aws/Item.ts";
import { ModelQueue } from "../simulation/aws/ModelQueue.ts";
import { ModelTable } from "../simulation/aws/ModelTable.ts";
import { ModelStream } from "./ModelStream.ts";
import { queueClient, tableClient } from "./modelClients.ts";

/** How long a read without consistency misses a write, milliseconds. */
const STALE = 1_000;

/** By the providers of test/harness/fixtures/world.config.ts. */
const SESSION_END = {
  crm: "https://sqs.test/000000000000/session-end-crm",
  wiki: "https://sqs.test/000000000000/session-end-wiki",
  builtin: "https://sqs.test/000000000000/session-end-builtin",
};

const MANNERS = { duplicates: () => false, refuses: () => false, chooses: () => 0 };

/**
 * Stands in for `test/harness/startAws.ts` while mutants are run: the simulation's models of the table and the queues, in
 * this process, so that a test of the whole flow takes milliseconds. Nothing fails, but a read that does not ask for
 * consistency misses what was just written. Capacity is not counted.
 */
export async function startAws(): Promise<Aws> {
  const now = () => Date.now();
  const writtenAt = new Map<string, number>();
  const staleRead = ({ pk, sk }: Item) => now() < (writtenAt.get(`${pk} ${sk}`) ?? 0) + STALE;
  const table = new ModelTable({ indexLag: () => 0, staleRead, leavesOut: () => false, pageSize: 1_000 }, (_, run) =>
    run(),
  );
  table.onChange(({ pk, sk }) => writtenAt.set(`${pk} ${sk}`, now()));
  const queues = new Map<string, ModelQueue>();
  /** Makes queues that share a dead-letter queue. */
  const create = (names: readonly string[], dead: string, settings: Settings) => {
    const { fifo, visibilityTimeout, retention, maxReceiveCount } = settings;
    const to = new ModelQueue({ fifo, visibilityTimeout: 30, retention }, MANNERS, now);
    queues.set(dead, to);
    for (const name of names) {
      const redrive = { to, maxReceiveCount };
      queues.set(name, new ModelQueue({ fifo, visibilityTimeout, retention, redrive }, MANNERS, now));
    }
  };
  create(["inbound"], "inbound-dead", { fifo: true, ...wiring.inbound });
  create(Object.values(SESSION_END).map(nameOf), "session-end-dead", { fifo: false, ...wiring.sessionEnd });
  queues.set("visits", new ModelQueue({ fifo: false, ...wiring.visits }, MANNERS, now));
  const find = (url: string) => {
    const queue = queues.get(nameOf(url));
    if (!queue) throw new QueueDoesNotExist({ message: `no queue ${url}`, $metadata: {} });
    return queue;
  };
  return {
    wiring: {
      tableName: "table",
      streamArn: "stream",
      streamRetries: -1,
      rights: new Map(),
      streamFilters: wiring.stream.filters,
      queues: {
        inbound: "inbound",
        inboundDead: "inbound-dead",
        sessionEnd: SESSION_END,
        sessionEndDead: "session-end-dead",
        visits: "visits",
      },
    },
    stream: new ModelStream(table),
    waiting: (url) => {
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesDelayed } = find(url).attributes();
      return { visible: Number(ApproximateNumberOfMessages), delayed: Number(ApproximateNumberOfMessagesDelayed) };
    },
    endpoints: { dynamodb: "none", sqs: "none" },
    tableClient: (gate) => tableClient(table, gate),
    queueClient: (gate) => queueClient(find, gate),
    expire: async () => expire(table),
    close: async () => {},
  };
}

type Settings = (typeof wiring.inbound | typeof wiring.sessionEnd) & { readonly fifo: boolean };

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

function expire(table: ModelTable): number {
  const isOver = ({ expiresAt }: { readonly expiresAt?: unknown }) =>
    typeof expiresAt === "number" && expiresAt * 1000 <= Date.now();
  const over = [...table.items()].filter(isOver);
  for (const { pk, sk } of over) table.expire(String(pk), String(sk));
  return over.length;
}

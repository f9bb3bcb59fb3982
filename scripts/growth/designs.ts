import type { Design } from "./Design.ts";
import { limits } from "./limits.ts";

/** As the code and the CDK app's defaults are, on a table that has never had more to do. */
export const now: Design = {
  name: "now",
  page: 6_000,
  sweeps: 1,
  expiryMemory: 256,
  shards: 8,
  writes: limits.newTableWrites,
  parallelization: 10,
  sparesQueue: false,
  deliveries: 50,
  provider: 1,
  spread: 0,
};

const sparing: Design = { ...now, name: "proposed: spares a long queue", sparesQueue: true };
const shared: Design = { ...sparing, name: "+ proposed: a sweep for each shard", sweeps: 8 };
const wide: Design = { ...shared, name: "+ 1,000 deliveries at once", deliveries: 1_000 };
const readingOn: Design = { ...wide, name: "+ each reads on after its page", page: Number.POSITIVE_INFINITY };

/** First today's code with other settings; then what is only proposed, each of the first five with one change more than the one before. */
export const designs: readonly Design[] = [
  now,
  { ...now, name: "now, within 2 h", spread: 7_200 },
  { ...now, name: "now, within 2 h, 200 deliveries at once", spread: 7_200, deliveries: 200 },
  { ...now, name: "now, 1,000 deliveries at once", deliveries: 1_000 },
  { ...now, name: "now, 1,000 deliveries, sweep of 1,024 MB", deliveries: 1_000, expiryMemory: 1_024 },
  sparing,
  shared,
  wide,
  readingOn,
  { ...readingOn, name: "+ table warmed to 16,000", writes: 16_000 },
  { ...sparing, name: "proposed: spares a long queue; within 2 h", spread: 7_200 },
  { ...wide, name: "proposed: both, 1,000 deliveries; within 30 min", spread: 1_800 },
];

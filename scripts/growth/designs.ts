import type { Design } from "./Design.ts";
import { limits } from "./limits.ts";

/** As the code and the CDK app's defaults are, on a table that has never had more to do. */
export const now: Design = {
  name: "now",
  readsAll: true,
  overlaps: true,
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

const paged: Design = { ...now, name: "reads page by page, ends in time", readsAll: false, overlaps: false };
const sparing: Design = { ...paged, name: "+ spares a long queue", sparesQueue: true };
const shared: Design = { ...sparing, name: "+ a sweep for each shard", sweeps: 8 };
const warm: Design = { ...shared, name: "+ table warmed to 16,000", writes: 16_000 };
const wide: Design = { ...warm, name: "+ 1,000 deliveries at once", deliveries: 1_000 };

/** Each with one change more than the one before. */
export const designs: readonly Design[] = [
  now,
  paged,
  sparing,
  shared,
  warm,
  wide,
  { ...wide, name: "+ expiry function of 1,024 MB", expiryMemory: 1_024 },
  { ...sparing, name: "spares a long queue; herd spread over 2 h", spread: 7_200 },
  { ...wide, name: "a sweep a shard …; herd spread over 30 min", spread: 1_800 },
];

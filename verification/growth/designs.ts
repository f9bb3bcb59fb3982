import type { Design } from "./Design.ts";
import { limits } from "./limits.ts";

/** As the code and the CDK app's defaults are, on a table that has never had more to do. */
export const now: Design = {
  name: "now",
  sweeps: 1,
  expiryMemory: 256,
  shards: 8,
  writes: limits.newTableWrites,
  parallelization: 10,
  deliveries: 50,
  provider: 1,
  spread: 0,
};

const wide: Design = { ...now, name: "now, 1,000 deliveries at once", deliveries: 1_000 };

const shared: Design = { ...wide, name: "now, 1,000 deliveries, 8 sweeps", sweeps: 8 };

/** Today's code with several settings; the last is set at AWS. */
export const designs: readonly Design[] = [
  now,
  { ...now, name: "now, within 2 h", spread: 7_200 },
  { ...now, name: "now, within 2 h, 200 deliveries at once", spread: 7_200, deliveries: 200 },
  { ...now, name: "now, 8 sweeps", sweeps: 8 },
  wide,
  { ...wide, name: "now, 1,000 deliveries, 4 sweeps", sweeps: 4 },
  shared,
  { ...shared, name: "now, 1,000 deliveries, 8 sweeps, within 30 min", spread: 1_800 },
  { ...wide, name: "now, 1,000 deliveries, sweep of 1,024 MB", expiryMemory: 1_024 },
  { ...shared, name: "now, 1,000 deliveries, 8 sweeps, table warmed to 16,000", writes: 16_000 },
];

import { defineConfig } from "vitest/config";
import { InOrder } from "./verification/mutation/InOrder.ts";

// Modules are loaded anew for each mutant; compiled code need not be.
process.env.NODE_COMPILE_CACHE ??= new URL(".stryker/compiled", import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^.*\/startAws\.ts$/,
        replacement: new URL("verification/mutation/startAws.ts", import.meta.url).pathname,
      },
    ],
  },
  test: {
    include: [
      "verification/mutation/*.test.ts",
      "test/unit/{message,expiry,session-end,store,domain,queues}/**/*.test.ts",
      "test/integration/*.test.ts",
      "test/crash/lateWrite.test.ts",
    ],
    exclude: [
      // The models count no capacity.
      "test/integration/costs.test.ts",
      // The functions' rights are the template's, which is not made here.
      "test/integration/rights.test.ts",
      // The operators' page calls AWS at an address, and the models have none.
      "test/integration/{deployed,forgetAndExport}.test.ts",
      // Wait in real time, for half a minute: Stryker's own list leaves out what only drafts.test.ts tests closely.
      "test/integration/{connect,drafts}.test.ts",
      // Kills by the middleware of the SDK's clients, which the models' have not; what it kills is in lib/operator.
      "test/integration/forgetCrash.test.ts",
    ],
    isolate: false,
    fileParallelism: false,
    pool: "threads",
    testTimeout: 10_000,
    sequence: { sequencer: InOrder },
  },
});

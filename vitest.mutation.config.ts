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
    // The models count no capacity.
    exclude: ["test/integration/costs.test.ts"],
    isolate: false,
    fileParallelism: false,
    pool: "threads",
    testTimeout: 10_000,
    sequence: { sequencer: InOrder },
  },
});

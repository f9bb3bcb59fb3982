import { defineConfig } from "vitest/config";
import { InOrder } from "./test/mutation/InOrder.ts";

// Modules are loaded anew for each mutant; compiled code need not be.
process.env.NODE_COMPILE_CACHE ??= new URL(".stryker/compiled", import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^.*\/startAws\.ts$/, replacement: new URL("test/mutation/startAws.ts", import.meta.url).pathname },
    ],
  },
  test: {
    include: ["test/{mutation,session,hooks,transcript,flow,operator}/**/*.test.ts", "test/fault/lateWrite.test.ts"],
    // The models count no capacity.
    exclude: ["test/flow/costs.test.ts"],
    isolate: false,
    fileParallelism: false,
    pool: "threads",
    testTimeout: 10_000,
    sequence: { sequencer: InOrder },
  },
});

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [{ find: /^.*\/startAws\.ts$/, replacement: new URL("test/mutation/startAws.ts", import.meta.url).pathname }],
  },
  test: {
    include: ["test/{mutation,session,hooks,transcript,flow,operator}/**/*.test.ts"],
    // The models count no capacity.
    exclude: ["test/flow/costs.test.ts"],
    isolate: false,
    fileParallelism: false,
    pool: "threads",
    testTimeout: 10_000,
  },
});

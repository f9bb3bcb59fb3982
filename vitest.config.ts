import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "verification/mutation/*.test.ts"],
    // What a third party writes, with Node's own test runner: test/package runs it.
    exclude: [...configDefaults.exclude, "test/thirdparty/**"],
    globalSetup: ["test/harness/provideTemplate.ts"],
    // A quarter of a test is waiting: three files at once for two cores.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // A file leaves nothing behind, and to load all modules anew for each takes a third of the CPU.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "verification/mutation/*.test.ts"],
    // What a third party writes, with Node's own test runner: test/package runs it.
    exclude: [...configDefaults.exclude, "test/thirdparty/**"],
    globalSetup: ["test/harness/provideTemplate.ts"],
    // Much of a test is waiting for the emulators: as many files at once as there are cores, not one fewer.
    maxWorkers: "100%",
    // A file leaves nothing behind, and to load all modules anew for each takes a third of the CPU.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

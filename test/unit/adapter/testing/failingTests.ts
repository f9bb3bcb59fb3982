import type { TestRunner } from "../../../../lib/adapter/testing/TestRunner.ts";

/** Runs a suite and answers the titles of its tests that fail. */
export async function failingTests(define: (runner: TestRunner) => void): Promise<readonly string[]> {
  const tests: { readonly title: string; readonly run: () => Promise<void> }[] = [];
  define({
    describe: (_, inner) => inner(),
    it: (title, run) => tests.push({ title, run }),
  });
  const failing: string[] = [];
  for (const { title, run } of tests) await run().catch(() => failing.push(title));
  return failing;
}

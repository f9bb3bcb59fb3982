import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What is quick and exact comes first: most mutants are found by it, and Stryker stops at the first failure. */
const ORDER = [
  ...["domain", "store", "message", "expiry", "session-end", "queues"].map((folder) => `/test/unit/${folder}/`),
  ...["/verification/mutation/", "/test/integration/", "/test/crash/"],
];

/** Runs files in that order, whatever an earlier run has shown. */
export class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

function place({ moduleId }: TestSpecification): number {
  return ORDER.findIndex((folder) => moduleId.includes(folder));
}

// Prints the one line that ends a CI run, from the file that vitest's JSON reporter wrote: "N passed, N failed".
// Plain JavaScript, as it must speak even when nothing could be installed.

import { readFileSync } from "node:fs";

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
} catch {
  // The tests did not come to an end.
  report = { numPassedTests: 0, numFailedTests: 1, testResults: [] };
}
// A file that can't be loaded has no tests to count, but has failed.
const broken = report.testResults.filter(
  ({ status, assertionResults: tests }) => status === "failed" && !tests.some((test) => test.status === "failed"),
);
const failed = report.numFailedTests + broken.length;
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

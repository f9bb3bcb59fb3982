import { describeReport } from "./Report.ts";
import { readOptions } from "./readOptions.ts";
import { runSoak } from "./runSoak.ts";

/**
 * `npm run soak -- --minutes 30 --seed 1`: the real local stack under traffic and faults, and then both sides' records
 * compared. Ends with code 1 when anything was lost, doubled or misplaced. See docs/proof/soak.md.
 */
process.once("SIGINT", () => process.exit(130));

const report = await runSoak(readOptions(process.argv.slice(2)), (line) => console.log(line));

console.log(describeReport(report));

process.exit(Object.values(report.violations).some((cases) => cases.length > 0) ? 1 : 0);

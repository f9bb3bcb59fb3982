import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { auditVerdict } from "./audit/auditVerdict.ts";

/**
 * `npm run audit`: fails on known vulnerabilities of high or critical severity in what is shipped, and where
 * npm gives no result. Only where there is no advisory service to ask it says so and does not fail.
 */

/** The service answers in seconds; one that is not there must not hold up what follows. Milliseconds. */
const TIMEOUT = 60_000;

const args = ["audit", "--json", "--omit=dev", "--audit-level=high", "--fetch-retries=0", "--fetch-timeout=20000"];
const { stdout } = spawnSync("npm", args, {
  cwd: fileURLToPath(new URL("../", import.meta.url)),
  encoding: "utf8",
  shell: process.platform === "win32",
  timeout: TIMEOUT,
});
const { outcome, line } = auditVerdict(stdout ?? "");
console.log(line);
process.exitCode = outcome === "clean" || outcome === "absent" ? 0 : 1;

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DeliberateFault } from "./deliberateFaults/DeliberateFault.ts";
import { DELIBERATE_FAULTS } from "./deliberateFaults.ts";

// Shows that the simulation catches what it should: each deliberate fault is put into a copy of the code, and scenarios
// are played against that copy until a promise breaks. Takes the numbers of faults to try; all of them when it has none.

/** Scenarios that a fault has to be found in. */
const MOST_STORIES = 50_000;

/** What the simulation runs of. */
const COPIED = ["cdk/wiring.ts", "functions", "lib", "local/events", "verification/simulation"];

const root = resolve(import.meta.dirname, "../..");

mkdirSync(join(root, ".vesper"), { recursive: true });

const wanted = process.argv.slice(2).map(Number);

const missed: string[] = [];

for (const [index, fault] of DELIBERATE_FAULTS.entries()) {
  const number = index + 1;
  if (wanted.length > 0 && !wanted.includes(number)) continue;
  const { isCaught, by } = tryFault(fault);
  console.log(`${isCaught ? "caught" : "MISSED"} ${number}. ${fault.name}: ${by}`);
  if (!isCaught) missed.push(fault.name);
}

console.log(missed.length === 0 ? "every fault was caught" : `missed: ${missed.join("; ")}`);

process.exitCode = missed.length === 0 ? 0 : 1;

function tryFault(fault: DeliberateFault): { readonly isCaught: boolean; readonly by: string } {
  // Within the checkout, so that the packages are found.
  const copy = mkdtempSync(join(root, ".vesper", "fault-"));
  try {
    for (const path of COPIED) cpSync(join(root, path), join(copy, path), { recursive: true });
    const file = join(copy, fault.file);
    const parts = readFileSync(file, "utf8").split(fault.find);
    if (parts.length !== 2) {
      return { isCaught: false, by: `${fault.file} has its text ${parts.length - 1} times: bring the list up to date` };
    }
    writeFileSync(file, parts.join(fault.by));
    const args = [join(copy, "verification/simulation/start.ts"), "--runs", String(MOST_STORIES), "--no-shrink"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: copy });
    const found = /^seed .*$/m.exec(stdout)?.[0];
    return { isCaught: status === 1 && found !== undefined, by: found ?? (stdout || stderr).slice(-400) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

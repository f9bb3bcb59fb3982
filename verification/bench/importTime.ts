import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bareClients } from "../../test/cdk/bareClients.ts";
import { bundleFunction } from "../../test/cdk/bundleFunction.ts";
import { machine, tellFigures } from "./figures.ts";
import { median } from "./median.ts";

/**
 * `npm run bench:import`: how long each function's bundle takes to import in a fresh process, and the bundle of the AWS
 * clients alone that it holds. All of them take turns, so that whatever else the machine does falls on all alike. An
 * argument says how many imports of each are measured.
 */

const FUNCTIONS = ["webhook", "message", "expiry", "session-end"];

const ROUNDS = Number(process.argv[2] ?? 40);

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));

try {
  const subjects = await Promise.all(FUNCTIONS.map(prepare));
  const all = subjects.flatMap(({ own, bare }) => [own, bare]);
  // The first round reads the files from the disk.
  for (const { path } of all) importTime(path);
  for (let round = 0; round < ROUNDS; round++) {
    // Back and forth, so that none always follows the same other.
    for (const one of round % 2 === 0 ? all : all.toReversed()) one.times.push(importTime(one.path));
  }

  console.log(`${machine()}; ${ROUNDS} imports each, medians`);
  for (const { name, own, bare } of subjects) {
    const ratio = median(own.times) / median(bare.times);
    console.log(
      `${name}: ${median(own.times).toFixed(1)} ms, its AWS clients alone ${median(bare.times).toFixed(1)} ms, ratio ${ratio.toFixed(3)}`,
    );
    tellFigures({ [`${name} import`]: ratio });
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** The two bundles of a function as files, and the times of their imports, milliseconds. */
async function prepare(name: string) {
  const bundle = await bundleFunction(name);
  const write = (label: string, text: string) => {
    const path = join(folder, `${name}.${label}.cjs`);
    writeFileSync(path, text);
    const times: number[] = [];
    return { path, times };
  };
  return { name, own: write("own", bundle.text), bare: write("bare", (await bareClients(bundle)).text) };
}

/** Milliseconds that a fresh process takes to import a module, without its own start. */
function importTime(path: string): number {
  const code = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)});
    process.stdout.write(String(performance.now() - start)); process.exit();`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" }));
}

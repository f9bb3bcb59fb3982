import { spawnSync } from "node:child_process";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/**
 * What `npm pack` runs first: makes `dist/`, which the package holds in place of the sources, as Node erases no types below
 * a node_modules. It has the sources' folders, so that whatever finds its way by them finds it there, too.
 */

const root = fileURLToPath(new URL("../", import.meta.url));
const dist = join(root, "dist");

/** Folders whose modules nobody imports by name: of those the declarations are of no use. */
const WITHOUT_TYPES = ["bin", "console", "emulators", "functions", "local"];

/** What the page is built of besides our sources: their licences go along with it. */
const IN_THE_PAGE = ["preact", "uplot"];

rmSync(dist, { recursive: true, force: true });

const { status, error } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.package.json"], {
  cwd: root,
  // Of npm's stdout the package's name is read.
  stdio: ["ignore", process.stderr, process.stderr],
});
if (error) throw error;
if (status !== 0) process.exit(status ?? 1);

// The functions' `#config` is the config of whoever installs the package, and never this checkout's.
for (const name of ["vesper.config.js", "vesper.config.d.ts"]) rmSync(join(dist, name));
for (const path of globSync(`{${WITHOUT_TYPES}}/**/*.d.ts`, { cwd: dist })) rmSync(join(dist, path));

cpSync(join(root, "bin/init/template"), join(dist, "bin/init/template"), { recursive: true });
// The console shows it beside the alarms.
cpSync(join(root, "docs/operate/runbook.md"), join(dist, "docs/operate/runbook.md"));

await build({
  configFile: join(root, "console/vite.config.ts"),
  logLevel: "error",
  build: { outDir: join(dist, "console/page"), emptyOutDir: true },
});

const licences = IN_THE_PAGE.map(
  (name) => `${name}\n\n${readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8")}`,
);
writeFileSync(join(dist, "console/page/licences.txt"), licences.join("\n"));

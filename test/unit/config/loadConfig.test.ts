import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

/** Loads each file both ways, in a process without the tests' own loader, and prints what was thrown. */
const LOAD = `
  import { loadConfig, requireConfig } from ${JSON.stringify(join(ROOT, "lib/config/loadConfig.ts"))};
  const said = async (load) => { try { await load(); return "nothing"; } catch (error) { return error.message; } };
  const all = {};
  for (const path of process.argv.slice(1)) all[path] = [await said(() => requireConfig(path)), await said(() => loadConfig(path))];
  console.log(JSON.stringify(all));`;

const LIBRARY = JSON.stringify(join(ROOT, "lib/index.ts"));

/** By what is wrong: the text, and the place that must be told with its line and a caret. */
const WRONG: Readonly<Record<string, readonly [text: string, place: string]>> = {
  "a stray comma": ["const a: object = {\n  b: 1,,\n};\nexport default a;", ":2:8\n    b: 1,,\n         ^"],
  "an end that is missing": ["export default {\n  b: {\n};", ":3:2\n  };\n   ^"],
  "a name that is declared twice": ["const a: number = 1;\nconst a = 2;", ":2:7\n  const a = 2;\n        ^"],
  "an enum, which has no types to erase": ["enum A { B }", ":1:1\n  enum A { B }\n  ^"],
  "an import that is none": ['import { nobody } from "node:fs";', ":1:10\n"],
  "a name that is not known": ["export default {\n\ta: unknown({}),\n};", ":2:5\n  \ta: unknown({}),\n  \t   ^"],
  "a value that is not there": [
    "const a = {};\nexport default a.b.c;",
    ":2:20\n  export default a.b.c;\n                     ^",
  ],
};

let folder: string;
let said: Readonly<Record<string, readonly string[]>>;
const pathOf = (name: string) => join(folder, `${name.replace(/\W/g, "-")}.config.ts`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-config-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, [text]] of Object.entries(WRONG)) writeFileSync(pathOf(name), text);
  writeFileSync(pathOf("outside"), `import { defineConfig } from ${LIBRARY};\ndefineConfig();`);
  writeFileSync(pathOf("outer"), 'import part from "./part.ts";\nexport default part;');
  writeFileSync(join(folder, "part.ts"), "export default {\n  a: ],\n};");
  const paths = [...Object.keys(WRONG), "outer", "outside", "nowhere"].map(pathOf);
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", LOAD, ...paths], { encoding: "utf8" });
  said = JSON.parse(stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a config that can't be read", () => {
  it.each(Object.entries(WRONG))("is refused with the place and the line: %s", (name, [, place]) => {
    const path = pathOf(name);
    for (const message of said[path] ?? [""]) {
      expect(message).toMatch(new RegExp(`^${RegExp.escape(path)} can't be read: .`));
      expect(message).toContain(`\n  ${path}${place}`);
    }
  });

  it("is refused with every problem, where it can be read and is wrong", () => {
    for (const message of said[pathOf("outside")] ?? [""])
      expect(message).toMatch(/^the config is wrong:\n {2}\(the whole\): given nothing/);
  });

  it("is refused with the place in the file that it imports", () => {
    for (const message of said[pathOf("outer")] ?? [""]) expect(message).toContain(`${join(folder, "part.ts")}:2:6\n`);
  });

  it("is told apart from one that is not there", () => {
    const path = pathOf("nowhere");
    for (const message of said[path] ?? [""])
      expect(message).toMatch(new RegExp(`^there is no ${RegExp.escape(path)}: write one`));
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../cdk/loadConfig.ts";
import { readConfig } from "../../local/readConfig.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-config-"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a config that can't be read", () => {
  it.each([
    ["a stray comma", "const a: object = {\n  b: 1,,\n};\nexport default a;", ":2:8\n    b: 1,,\n         ^"],
    ["an end that is missing", "export default {\n  b: {\n};", ":3:3\n"],
    ["a name that is declared twice", "const a: number = 1;\nconst a = 2;", ":2:7\n  const a = 2;\n        ^"],
    ["an enum, which has no types to erase", "enum A { B }", ":1:1\n  enum A { B }\n  ^"],
    ["an import that is none", 'import { nobody } from "node:fs";', ":1:10\n"],
    ["a name that is not known", "\nexport default\n\tdefinedConfig({});", ":3:2\n  \tdefinedConfig({});\n  \t^"],
    [
      "a value that is not there",
      "const a = {};\nexport default a.b.c;",
      ":2:20\n  export default a.b.c;\n                     ^",
    ],
  ])(
    "is refused with the place and the line, at the start, by the commands and at synth: %s",
    async (name, text, place) => {
      const path = join(folder, `${name.replace(/\W/g, "-")}.config.ts`);
      writeFileSync(path, text);
      const words = new RegExp(`^${RegExp.escape(path)} can't be read: .+\n  ${RegExp.escape(`${path}${place}`)}`);

      await expect(readConfig(path)).rejects.toThrow(words);
      expect(() => loadConfig(path)).toThrow(words);
    },
  );

  it("is refused with the place in the file that it imports", async () => {
    const path = join(folder, "outer.config.ts");
    writeFileSync(path, 'import part from "./part.ts";\nexport default part;');
    writeFileSync(join(folder, "part.ts"), "export default {\n  a: ],\n};");

    await expect(readConfig(path)).rejects.toThrow(`${join(folder, "part.ts")}:2:6`);
    expect(() => loadConfig(path)).toThrow(`${join(folder, "part.ts")}:2:6`);
  });

  it("is told apart from one that is not there", async () => {
    const path = join(folder, "nowhere.ts");
    await expect(readConfig(path)).rejects.toThrow(`there is no ${path}: write one`);
    expect(() => loadConfig(path)).toThrow(`there is no ${path}: write one`);
  });
});

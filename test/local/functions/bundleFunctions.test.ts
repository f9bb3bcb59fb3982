import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleFunctions } from "../../../local/functions/bundleFunctions.ts";
import { bundleSource } from "../../cdk/bundleFunction.ts";

const ROOT = join(import.meta.dirname, "../../..");

let folder: string;
let entry: string;
let configPath: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-bundles-"));
  entry = join(folder, "say.ts");
  configPath = join(folder, "vesper.config.ts");
  writeFileSync(entry, 'import { word } from "./word.ts";\nexport const handler = (): string => word;');
  writeFileSync(join(folder, "word.ts"), 'export const word: string = "first";');
  writeFileSync(configPath, "export default {};");
});
afterEach(() => rmSync(folder, { recursive: true }));

const kept = () => join(folder, "kept");

/** Bundles and keeps; answers the bundle's path and its text. */
async function bundle(): Promise<{ readonly path: string; readonly text: string }> {
  const bundled = await bundleFunctions({ entries: [entry], configPath, folder: kept() });
  const path = bundled.keep().get(entry) ?? "";
  return { path, text: readFileSync(path, "utf8") };
}

/** Makes a change that was not made while something was bundled. */
async function edit(path: string, text: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(path, text);
}

/** Whether `bundle` has written anything. */
async function writes(): Promise<boolean> {
  const manifest = join(kept(), "bundles.json");
  const before = statSync(manifest).ino;
  await bundle();
  return statSync(manifest).ino !== before;
}

describe("bundleFunctions", () => {
  it("makes the very bundle that is deployed, and names its map", async () => {
    entry = join(ROOT, "test/harness/fixtures/local/functions/back.ts");
    const deployed = await bundleSource(entry);

    const { text } = await bundle();

    expect(text.replace(/\/\/# sourceMappingURL=back\.[0-9a-f]{32}\.map\n$/, "") === deployed.text).toBe(true);
    expect(text).not.toHaveLength(deployed.text.length);
  });

  it("bundles nothing while no file has changed", async () => {
    await edit(entry, 'import { word } from "./word.ts";\nexport const handler = () => word;');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { path } = await bundle();

    expect(await writes()).toBe(false);
    expect((await bundle()).path).toBe(path);
  });

  it("bundles anew when a file has changed that a function imports, and drops the old bundle", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const first = await bundle();

    await edit(join(folder, "word.ts"), 'export const word: string = "second";');

    const second = await bundle();
    expect([first.text, second.text].map((text) => /first|second/.exec(text)?.[0])).toEqual(["first", "second"]);
    expect(readdirSync(kept()).filter((name) => name.endsWith(".cjs"))).toHaveLength(1);
  });

  it("bundles anew when a bundle on the disk is not what was written", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { path, text } = await bundle();

    appendFileSync(path, "damage");

    expect((await bundle()).text).toBe(text);
  });

  it("bundles anew what was changed while it was bundled", async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const bundled = await bundleFunctions({ entries: [entry], configPath, folder: kept() });
    writeFileSync(join(folder, "word.ts"), 'export const word: string = "second";');
    bundled.keep();

    expect((await bundle()).text).toContain("second");
  });

  it("writes nothing before it is told to keep the bundles, as another gateway may have the folder", async () => {
    await bundleFunctions({ entries: [entry], configPath, folder: kept() });

    expect(readdirSync(folder)).not.toContain("kept");
  });

  it("says where a function can't be bundled, with the line", async () => {
    writeFileSync(join(folder, "word.ts"), 'import "./nowhere.node";\nexport const word = "x";');
    mkdirSync(kept());

    await expect(bundle()).rejects.toThrow(
      `the functions can't be bundled, here and for a deployment: Could not resolve "./nowhere.node"\n  ${join(folder, "word.ts")}:1:8\n  import "./nowhere.node";\n         ^`,
    );
  });
});

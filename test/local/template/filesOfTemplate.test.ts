import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesOfTemplate } from "../../../local/template/filesOfTemplate.ts";

const ROOT = join(import.meta.dirname, "../../..");
const STACK = join(ROOT, "cdk/GatewayStack.ts");

describe("the files that a template is made of", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "vesper-template-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A config with that text, which has imported that beside Vesper's stack. */
  function config(text: string, specifier = "./other.ts", imported = "other.ts") {
    const path = join(folder, "vesper.config.ts");
    writeFileSync(path, text);
    writeFileSync(join(folder, "other.ts"), "export const idle = '1h';");
    const url = (file: string) => pathToFileURL(file).href;
    return filesOfTemplate([
      { specifier: STACK, from: undefined, url: url(STACK) },
      { specifier: "aws-cdk-lib", from: url(STACK), url: url(join(ROOT, "node_modules/aws-cdk-lib/index.js")) },
      { specifier: path, from: url(STACK), url: url(path) },
      { specifier, from: url(path), url: url(join(folder, imported)) },
    ]);
  }

  it("are Vesper's, the config's own, and the list of the packages, of which none is looked at", () => {
    const files = config("export default {};");
    const own = ["vesper.config.ts", "other.ts"].map((name) => join(folder, name));
    expect(files).toEqual([join(ROOT, "package.json"), STACK, ...own]);
  });

  it.each([
    ["asks for the environment", "export default process.env.IDLE;"],
    ["asks for the time", "export default new Date();"],
    ["imports when it likes to", "export default await import('./other.ts');"],
  ])("are not all of it where the config %s", (_, text) => {
    expect(config(text)).toBeUndefined();
  });

  it("are not all of it where the config takes in packages or modules of Node", () => {
    expect(config("export default {};", "ms", "node_modules/ms/index.js")).toBeUndefined();
    expect(config("export default {};", "node:os")).toBeUndefined();
    expect(config("export default {};", "vesper/adapter", "node_modules/vesper/index.js")).toBeDefined();
  });
});

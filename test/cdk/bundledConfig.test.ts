import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFunction } from "./bundleFunction.ts";

const LIBRARY = JSON.stringify(join(import.meta.dirname, "../../lib/index.ts"));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-bundled-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(["webhook", "message", "expiry", "session-end"])("the bundled function %s", (name) => {
  /** Loads the bundle as Lambda does. */
  async function load(kind: string, text: string): Promise<unknown> {
    const path = join(folder, `${kind}.config.ts`);
    writeFileSync(
      path,
      `import { defineConfig } from ${LIBRARY}; const made = defineConfig({ platforms: {} });\n${text}`,
    );
    const file = join(folder, `${name}-${kind}.mjs`);
    writeFileSync(file, (await bundleFunction(name, path)).text);
    return import(pathToFileURL(file).href);
  }

  it("starts with what defineConfig has made", async () => {
    expect(await load("made", "export default made;")).toMatchObject({ handler: expect.any(Function) });
  });

  it("does not start with a copy, and says why", async () => {
    await expect(load("copy", "export default { ...made };")).rejects.toThrow(
      /must end in "export default defineConfig/,
    );
  });
});

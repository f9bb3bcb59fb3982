import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFunction } from "./bundleFunction.ts";

const LIBRARY = JSON.stringify(join(import.meta.dirname, "../../lib/index.ts"));

const MEMORY = join(import.meta.dirname, "../../lib/memory");

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
    const file = join(folder, `${name}-${kind}.cjs`);
    writeFileSync(file, (await bundleFunction(name, path)).text);
    return import(pathToFileURL(file).href);
  }

  it("starts with what defineConfig has made", async () => {
    expect(await load("made", "export default made;")).toMatchObject({ handler: expect.any(Function) });
  });

  it("starts with providers that bring a library along, and holds what the config names alone", async () => {
    const text = `
      import { eventbridge } from ${JSON.stringify(join(MEMORY, "eventbridge/eventbridge.ts"))};
      import { mcp } from ${JSON.stringify(join(MEMORY, "mcp/mcp.ts"))};
      const store = [{ tool: "remember", arguments: { who: "{user}", what: "{transcript}" } }];
      const server = { url: "https://memory.example.com/mcp" };
      export default defineConfig({
        platforms: {},
        memory: { mcp: mcp({ server, tools: { store } }), bus: eventbridge({ bus: "sessions", bucket: "acme-sessions" }) },
      });`;
    expect(await load("libraries", text)).toMatchObject({ handler: expect.any(Function) });
    const { files } = await bundleFunction(name);
    const others = [...files.keys()].filter((file) => /modelcontextprotocol|client-(eventbridge|s3)|zod/.test(file));
    expect(others).toEqual([]);
  });

  it("does not start with a copy, and says why", async () => {
    await expect(load("copy", "export default { ...made };")).rejects.toThrow(
      /must end in "export default defineConfig/,
    );
  });
});

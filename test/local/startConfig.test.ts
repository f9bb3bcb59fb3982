import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeStartFolder, ROOT, type StartFolder } from "./startFolder.ts";

describe("npm start with a config", () => {
  let config: string;
  let run: StartFolder["run"];
  let refused: StartFolder["refused"];
  let remove: StartFolder["remove"];
  beforeEach(() => {
    ({ config, run, refused, remove } = makeStartFolder());
  });
  afterEach(() => remove());

  it("says what is wrong in the config, and no more", async () => {
    writeFileSync(
      config,
      `import { defineConfig } from ${JSON.stringify(join(ROOT, "lib/index.ts"))};\nexport default defineConfig({ agnt: 1 });`,
    );

    const { text, code } = await refused({});

    expect(code).toBe(1);
    expect(text).toMatch(/^Vesper can't start: the config is wrong:\n/);
    expect(text).toContain("agnt");
    expect(text).not.toContain("    at ");
  });

  it.each([
    [
      "a plain object",
      (call: string) => `const made = ${call}; export default { platforms: {}, memory: {}, agent: made.agent };`,
    ],
    ["a copy by spread", (call: string) => `export default { ...${call} };`],
    ["nothing", () => "export {};"],
  ])("refuses a config that defineConfig has not made: %s", async (_, text) => {
    const library = JSON.stringify(join(ROOT, "lib/index.ts"));
    writeFileSync(config, `import { defineConfig } from ${library};\n${text("defineConfig({ platforms: {} })")}`);

    const { text: said, code } = await refused({});

    expect([code, said.split("\n").length]).toEqual([1, 1]);
    expect(said).toContain(`${config} must end in "export default defineConfig({ … })"; given `);
  });

  it("says of a config that is no TypeScript where it is wrong, with the line", async () => {
    writeFileSync(config, "export default {\n  platforms: {,\n};\n");

    const { text, code } = await refused({});

    expect(code).toBe(1);
    expect(text).toMatch(/^Vesper can't start: .* can't be read: SyntaxError: /);
    expect(text).toContain(`\n  ${config}:2:15\n    platforms: {,\n                ^`);
    expect(text).not.toContain("    at ");
  });

  it("says of a config that waits why it can't be used", async () => {
    const library = JSON.stringify(join(ROOT, "lib/index.ts"));
    writeFileSync(
      config,
      `import { defineConfig } from ${library};\nexport default await defineConfig({ platforms: {} });`,
    );

    const { text, code } = await refused({});

    expect([code, text.split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(/^Vesper can't start: .* may use a top-level await$/);
  });

  it("warns of a limit that no clock can obey", async () => {
    const library = JSON.stringify(join(ROOT, "lib/index.ts"));
    const sessions = 'sessions: { default: { idle: "10s" } }';
    writeFileSync(
      config,
      `import { defineConfig } from ${library};\nexport default defineConfig({ platforms: {}, ${sessions} });`,
    );

    expect(await run().output).toMatch(/^Warning: sessions\.default\.idle: 10s is less than the 62s /m);
  });
});

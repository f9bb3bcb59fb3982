import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeTemplate } from "../../../local/template/makeTemplate.ts";
import { importing } from "../../harness/importing.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-template-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it("makes a template anew when its config has changed, and takes the kept one otherwise", async () => {
  const [configPath, path] = [join(folder, "vesper.config.ts"), join(folder, "template.json")];
  const write = (name: string) =>
    writeFileSync(
      configPath,
      `${importing("defineConfig", "http", "secret")}
      export default defineConfig({ platforms: { ${name}: http({ secret: secret("SECRET") }) } });`,
    );
  const make = () => makeTemplate(path, { stackName: "Kept", configPath });
  write("first");
  // What is changed while it is read is not kept; clocks of files are coarse.
  await sleep(20);
  const made = await make();
  expect(existsSync(path)).toBe(false);
  made.keep();
  expect(existsSync(path)).toBe(true);
  expect(JSON.stringify(made.template)).toContain("/webhooks/first");
  expect((await make()).template).toEqual(made.template);
  // Taken from the file, and not made again.
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), template: "as it is kept" }));
  expect((await make()).template).toBe("as it is kept");

  write("second");
  const changed = await make();
  expect(JSON.stringify(changed.template)).toContain("/webhooks/second");

  writeFileSync(path, "{");
  expect(JSON.stringify((await make()).template)).toContain("/webhooks/second");
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importing } from "../harness/importing.ts";
import { runHere } from "./runHere.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A platform of a team's own, whose bots are made of a text. */
const CONFIG = `
${importing("defineConfig", "http", "secret")}
import * as v from "valibot";
import { defineAdapter } from "${ROOT}lib/adapter/index.ts";
const schema = v.strictObject({ app: v.string() });
const platform = { receive: async () => ({ messages: [] }), render: () => [], send: async () => undefined };
const pager = defineAdapter("platform", "pager", schema, ({ app }) => ({
  ...platform,
  manifest: (url) => "name: " + app + "\\nurl: " + url + "\\n",
}));
export default defineConfig({ platforms: { pager: pager({ app: "Bot" }), http: http({ secret: secret("A_SECRET") }) } });
`;

describe("vesper manifest", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "vesper-manifest-"));
    writeFileSync(join(folder, "vesper.config.ts"), CONFIG);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const manifest = (...args: string[]) =>
    runHere(["manifest", ...args], { env: { VESPER_CONFIG: join(folder, "vesper.config.ts"), VESPER_DATA: folder } });

  it("prints what is pasted where the platform's bots are made, though no gateway runs yet", async () => {
    const printed = await manifest("pager", "--url", "https://bot.example.com/webhooks/");
    expect(printed).toEqual({
      code: 0,
      stdout: "name: Bot\nurl: https://bot.example.com/webhooks/pager\n",
      stderr: "",
    });
  });

  it.each([
    ["a platform that takes none", ["http", "--url", "https://bot.example.com/webhooks"], "http takes no manifest"],
    ["no platform", ["toString", "--url", "https://bot.example.com/webhooks"], 'no platform "toString" in the config'],
    ["an address that nobody can call", ["pager", "--url", "http://10.0.0.1/webhooks"], "can't call http://10.0.0.1"],
    ["no address, where none runs", ["pager"], "nothing runs here"],
  ])("refuses %s", async (_, args, words) => {
    const { code, stderr } = await manifest(...args);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(words) });
  });
});

import { afterAll, afterEach, describe, expect, it } from "vitest";
import { runHere } from "../../cli/runHere.ts";
import { importing } from "../../harness/importing.ts";
import { npmStart } from "../lab/npmStart.ts";

const CONFIG = `
${importing("builtin", "defineConfig", "echo", "secret", "telegram")}
export default defineConfig({
  agent: echo(),
  platforms: { telegram: telegram({ token: secret("BOT_TOKEN"), apiBase: "http://127.0.0.1:9" }) },
  access: { telegram: { others: "pair" } },
  memory: { builtin: builtin() },
});`;

describe("a simulated platform whose writers are let in by a code", () => {
  const gateway = npmStart(CONFIG);
  afterEach(() => gateway.stop());
  afterAll(() => gateway.remove());

  const vesper = (...args: string[]) => runHere(args, { env: { VESPER_DATA: gateway.dataPath }, clock: gateway.clock });

  it("shows whoever says something there the code that reached the chat, and answers once they are let in", async () => {
    const said = await gateway.start();
    // What would fail is not proposed.
    expect(said).toMatch(/^Try: npx vesper sessions ls/m);
    const { code, stderr } = await vesper("say", "--platform", "telegram", "--wait", "5s", "hello");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^vesper: telegram has told the gateway, which made no turn .*; the chat has: .*\bcode\b/);
    const [, pairing = ""] = /: ([0-9A-Z]{8})\b/.exec(stderr) ?? [];
    expect(await vesper("pair", "approve", pairing)).toMatchObject({ code: 0, stderr: "" });
    expect(await vesper("say", "--platform", "telegram", "hello")).toMatchObject({ stdout: "You said: hello\n" });
  }, 90_000);
});

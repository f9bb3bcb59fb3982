import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importing } from "../harness/importing.ts";
import { type Mem0Fake, startMem0Fake } from "../harness/mem0Fake.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { type CliHarness, DEPLOYED } from "./cliHarness.ts";
import { startDoctorHarness } from "./doctorHarness.ts";

describe("vesper doctor --provider", () => {
  let cliHarness: CliHarness;
  let folder: string;
  let memory: Mem0Fake;
  beforeEach(async () => {
    cliHarness = await startDoctorHarness();
    memory = await startMem0Fake("platform", TEST_SECRET);
    folder = mkdtempSync(join(tmpdir(), "vesper-doctor-"));
    writeFileSync(
      join(folder, "vesper.config.ts"),
      `${importing("defineConfig", "mem0", "secret")}
      export default defineConfig({
        platforms: {},
        memory: { notes: mem0({ url: "${memory.url}", key: secret("CRM_SECRET") }) },
      });`,
    );
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await memory.close();
    await cliHarness.stop();
  });

  /** Tries the provider; between two looks at what it recalls the service does its work. */
  const tryNotes = (...args: string[]) => {
    const clock = { now: () => Date.now(), until: async () => memory.finish() };
    const env = { VESPER_CONFIG: join(folder, "vesper.config.ts") };
    return cliHarness.cli(["doctor", ...DEPLOYED, "--provider", "notes", ...args], env, { clock });
  };

  it("stores a marked session, finds it again once it is extracted, and has it forgotten", async () => {
    memory.hold();
    const { code, stdout, stderr } = await tryNotes();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^ok {4}stack +Test in eu-west-1/),
      expect.stringMatching(
        /^ok {4}notes stores +session (\w{26}) of the user doctor-\1: [\w-]{36}, 2 messages of 2, for /,
      ),
      expect.stringMatching(/^ok {4}notes confirms +stored after \d\.\d s$/),
      expect.stringMatching(/^ok {4}notes recalls +ultramarine-\w{8} after \d\.\d s$/),
      expect.stringMatching(/^ok {4}notes forgets +the session is erased$/),
    ]);
    expect(memory.memories).toEqual([]);
  });

  it("says that nothing was stored and recalled in time, and forgets all the same", async () => {
    memory.hold();
    const { code, stdout } = await tryNotes("--wait", "0ms");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}notes confirms +still at work after 0\.\d s: give it longer by --wait$/m);
    expect(stdout).toMatch(
      /^FAIL {2}notes recalls +0 memories after 0\.\d s, none of ultramarine-\w+: give it longer by --wait$/m,
    );
    expect(stdout).toMatch(/^ok {4}notes forgets /m);
  });

  it("says why nothing was stored, and goes no further", async () => {
    memory.setMode(401);
    const { code, stdout } = await tryNotes();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}notes stores +\S+ answered 401$/m);
    expect(stdout).not.toMatch(/recalls|forgets/);
  });

  it("tries the gateway's own memory, here and deployed", async () => {
    for (const target of [[], DEPLOYED]) {
      const { code, stdout } = await cliHarness.cli(["doctor", ...target, "--provider", "builtin"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ok {4}builtin recalls +ultramarine-/m);
      expect(stdout).toMatch(/^ok {4}builtin forgets +/m);
    }
    expect(cliHarness.harness.provider.requests).toEqual([]);
  });

  it("says what a provider lacks, and what is left to do by hand", async () => {
    const { code, stdout } = await cliHarness.cli(["doctor", ...DEPLOYED, "--provider", "crm"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {4}crm stores +session \w{26} of the user doctor-\w{26}: msg_/m);
    expect(stdout).toMatch(/^skip {2}crm recalls +it has no recall: /m);
    expect(stdout).toMatch(
      /^skip {2}crm forgets +it has no forget: erase there by hand what the user doctor-\w{26} said$/m,
    );
    expect(cliHarness.harness.delivered()).toMatchObject([{ platform: "vesper-doctor", turns: 1 }]);
  });

  it("names the providers there are where none has that name", async () => {
    const { code, stdout } = await cliHarness.cli(["doctor", ...DEPLOYED, "--provider", "wiki"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAIL {2}wiki stores +the config has no memory provider of that name: it has crm, builtin$/m,
    );
  });
});

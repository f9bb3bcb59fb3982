import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask } from "../../bin/ask.ts";
import { type CliHarness, startCliHarness } from "./cliHarness.ts";

describe("the prompt of hooks redrive", () => {
  let cliHarness: CliHarness;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    cliHarness.harness.provider.setMode(401);
    await cliHarness.harness.chat("hello");
    await cliHarness.harness.chat("/reset");
    cliHarness.harness.provider.setMode("ok");
  });
  afterAll(() => cliHarness.stop());

  /** Answers on a terminal, through the real prompt. */
  const redrive = (typed: string | undefined, more: readonly string[] = []) => {
    const asked: string[] = [];
    const terminal = {
      isInteractive: true,
      async ask(question: string) {
        asked.push(question);
        const [input, output] = [new PassThrough(), new PassThrough()];
        input.end(typed);
        return ask(question, input, output);
      },
    };
    return cliHarness
      .cli(["hooks", "redrive", "--all", ...more], {}, terminal)
      .then((result) => ({ ...result, asked }));
  };

  it.each(["n\n", "\n", "yess\n", "no y\n", undefined])("does nothing at %j", async (typed) => {
    expect(await redrive(typed)).toMatchObject({
      ...{ code: 1, stderr: "vesper: nothing was redriven: it takes --yes\n", asked: ["Redrive 1? [y/N] "] },
      stdout: expect.stringMatching(/^1 dead hook \(crm 1\), died /),
    });
    expect(await cliHarness.harness.deadHooks()).toHaveLength(1);
  });

  it("is not shown where JSON is wanted, or with --dry-run", async () => {
    expect(await redrive("y\n", ["--json"])).toMatchObject({ code: 1, asked: [] });
    expect(await redrive("y\n", ["--dry-run"])).toMatchObject({ code: 0, asked: [] });
    expect(await cliHarness.harness.deadHooks()).toHaveLength(1);
  });

  it("redrives at a yes, and asks nothing with none dead", async () => {
    expect(await redrive(" Y \n")).toMatchObject({
      ...{ code: 0, stderr: "", stdout: expect.stringContaining("1 revived and on the queue") },
    });
    await cliHarness.harness.settle();
    expect(await cliHarness.harness.deadHooks()).toEqual([]);
    expect(await redrive("y\n")).toMatchObject({ code: 0, stdout: "no dead hooks\n", asked: [] });
  });
});

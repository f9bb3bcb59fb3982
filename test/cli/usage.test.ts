import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder, OLD_NODE, startCli } from "./cli.ts";

describe("the CLI", () => {
  const folder = dataFolder();
  afterAll(() => folder[Symbol.dispose]());
  const cli = (...args: string[]) => startCli(folder.dataPath, args).result;

  it("ends with 0 with help that was asked for", async () => {
    const { code, stdout, stderr } = await cli("hooks", "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("redrive");
  });

  it("takes what was compiled before, so that it does not load what erases types, which takes longest", async () => {
    const loaded = 'process.moduleLoadList.some((name) => name.includes("amaro"))';
    const tell = `data:text/javascript,process.on("exit",()=>console.error(${loaded}))`;
    // The first call after a change compiles it.
    await cli("--version");
    const { stderr } = await startCli(folder.dataPath, ["--version"], ["--import", tell]).result;
    expect(stderr).toBe("false\n");
  });

  it.each([
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["sessions", "ls", "--frobnicate"], "unknown option '--frobnicate'"],
    [["sessions", "show"], "missing required argument 'session'"],
    [["sessions", "ls", "--status", "dead"], "Allowed choices are open, ended"],
    [["hooks", "ls", "--limit", "1e3"], "whole number from 1 to 1000"],
    [["say", "hello", "--wait", "soon"], 'a duration such as "500ms"'],
    [["say", "hello", "world"], "too many arguments"],
    [["hooks", "redrive"], "say which hooks"],
    [["hooks", "redrive", "S", "crm", "--provider", "builtin"], "two providers are named"],
    [["hooks", "redrive", "S", "--all"], "--all does not go with a session"],
    [["sessions", "ls", "--region", "eu-west-1"], "--region and --profile go with --stack"],
    [["sessions", "ls", "--stack", "a/b"], "a stack's name"],
    [["sessions", "ls", "--stack", "V", "--region", "evil.example/#"], "an AWS region"],
    [["webhooks", "set", "--url", "example.com"], "https://example.com/webhooks"],
  ])("ends with 2 and one line for bad usage: %j", async (args, words) => {
    const { code, stdout, stderr } = await cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^vesper: [^\n]+\n$/);
  });

  it("ends with 2 when VESPER_STACK is no stack's name", async () => {
    const env = { VESPER_STACK: "a b" };
    expect(await startCli(folder.dataPath, ["hooks", "ls"], [], env).result).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining('VESPER_STACK is "a b"') },
    });
  });

  it("ends with 1 and one line when nothing runs here, also with --json", async () => {
    const path = join(folder.dataPath, "stack.json");
    for (const flag of [[], ["--json"]]) {
      expect(await cli("sessions", "ls", ...flag)).toEqual({
        ...{ code: 1, stdout: "" },
        stderr: `vesper: nothing runs here: start it with npm start (looked for ${path})\n`,
      });
    }
  });

  it("ends with 1 when the gateway was killed and left its file, and when the file is another", async () => {
    const path = join(folder.dataPath, "stack.json");
    // More than any system gives a process.
    writeFileSync(path, JSON.stringify({ ...STACK, pid: 2 ** 30 }));
    expect(await cli("hooks", "ls")).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing runs here") });
    writeFileSync(path, JSON.stringify({ ...STACK, pid: process.pid }));
    expect(await cli("hooks", "ls")).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing runs here") });
    writeFileSync(path, "{}");
    expect(await cli("hooks", "ls")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^vesper: [^\n]* is not what npm start writes[^\n]*\n$/),
    });
  });
});

describe("the launcher on an older Node", () => {
  const folder = dataFolder();
  afterAll(() => folder[Symbol.dispose]());

  it("runs the program on the Node beside it, with the same arguments, output and exit code", async () => {
    const cli = (...args: string[]) => startCli(folder.dataPath, args, OLD_NODE).result;
    expect(await cli("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("sessions"), stderr: "" });
    expect(await cli("say", "two words", "--wait", "x y")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'x y'"),
    });
    expect(await cli("sessions", "ls")).toMatchObject({ code: 1 });
  });

  it("is JavaScript that Node 20 reads", () => {
    const path = new URL("../../bin/vesper.js", import.meta.url).pathname;
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

/** A port of this machine where nobody listens. */
const NOBODY = "http://127.0.0.1:9";

const STACK = {
  ...{ stackName: "Test", url: NOBODY, region: "us-east-1", tableName: "t", secretsPrefix: "/vesper/Test" },
  endpoints: { dynamodb: NOBODY, sqs: NOBODY, ssm: NOBODY },
  credentials: { accessKeyId: "A", secretAccessKey: "B" },
  queueUrls: {
    ...{ inbound: NOBODY, inboundDlqMessage: NOBODY, sessionEnd: {}, sessionEndDlqMessage: NOBODY },
    streamFailures: NOBODY,
  },
  configPath: "/nowhere/vesper.config.ts",
  ...{ port: 1, outputs: {}, envPath: "/none/.env", dataPath: "/none" },
};

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { dataFolder, startCli } from "./cli.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Whether a real terminal can be had: by util-linux's `script`. */
const HAS_TERMINAL = spawnSync("script", ["--version"]).status === 0;

describe("bulk actions and lists on the command line", () => {
  let harness: GatewayHarness;
  let folder: ReturnType<typeof dataFolder>;
  beforeAll(async () => {
    harness = await startGatewayHarness(new Date().toISOString());
    folder = dataFolder(harness);
    harness.provider.setMode(401);
    for (let number = 0; number < 3; number++) {
      await harness.chat("hello there, this is a rather long message of somebody", { conversation: `c${number}` });
      harness.advance("1s");
      await harness.chat("/reset", { conversation: `c${number}` });
    }
    harness.provider.setMode("ok");
  });
  afterAll(async () => {
    folder[Symbol.dispose]();
    await harness.stop();
  });

  const cli = (...args: string[]) => startCli(folder.dataPath, args).result;
  async function json(...args: string[]) {
    const { code, stdout, stderr } = await cli(...args, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  it("take the same filters everywhere, and say of a wrong one what is meant", async () => {
    expect(await json("hooks", "ls", "status:dead", "provider:crm", "conversation:c1")).toHaveLength(1);
    expect(await json("sessions", "ls", "status:ended", "reason:reset", "user:ann")).toHaveLength(3);
    expect(await cli("hooks", "ls", "stauts:dead")).toMatchObject({
      ...{ code: 2, stdout: "", stderr: expect.stringContaining("did you mean status?") },
    });
    expect(await cli("hooks", "ls", "--cursor", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cursor"),
    });
  });

  it("go on with lists where they ended, and print all as NDJSON", async () => {
    const first = await cli("hooks", "ls", "status:dead", "--limit", "2", "--json");
    const [, cursor = ""] = /^more: --cursor (\S+)/m.exec(first.stderr) ?? [];
    expect(first.stderr === "" || cursor !== "").toBe(true);
    const { stdout } = await cli("hooks", "ls", "status:dead", "--ndjson");
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ provider }) => provider)).toEqual(["crm", "crm", "crm"]);
    const exported = await cli("sessions", "export", "status:ended");
    const sessions = exported.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(sessions).toHaveLength(3);
    expect(sessions[0]).toMatchObject({ transcript: [{}], deliveries: [{}, {}], timeline: expect.any(Array) });
  });

  it("group errors, and take the end of an id", async () => {
    const [group] = await json("hooks", "groups");
    expect(group).toMatchObject({ count: 3, kind: "auth", status: 401, providers: { crm: 3 } });
    const tail = group.example.session.slice(-8);
    expect(await json("sessions", "show", tail)).toMatchObject({ session: group.example.session });
    expect(await json("hooks", "show", `…${tail}`, "crm")).toHaveLength(1);
    expect(await cli("sessions", "show", "ZZZZZZZZ")).toMatchObject({ code: 1, stdout: "" });
  });

  it("discard with a reason, undo that, and note each act in the audit log under its name", async () => {
    expect(await cli("hooks", "discard", "--all", "--yes")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--reason"),
    });
    const done = await json("hooks", "discard", "--all", "--yes", "--reason", "closed", "--name", "closing");
    expect(done).toMatchObject({ acted: true, operation: { name: "closing", status: "done", done: 3 }, cleared: 3 });
    expect(await json("hooks", "ls", "status:discarded")).toHaveLength(3);
    expect(await json("hooks", "discard", "--undo", "--all", "--yes")).toMatchObject({ operation: { done: 3 } });
    expect(await json("operations", "show", "closing")).toMatchObject({ verb: "discard", why: "closed", done: 3 });
    expect((await json("operations", "ls")).map(({ verb }: { verb: string }) => verb)).toEqual(["restore", "discard"]);
    expect((await json("audit")).map(({ action }: { action: string }) => action)).toEqual([
      "hooks restore",
      "hooks discard",
    ]);
    expect(await cli("operations", "resume", "closing")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nothing to resume"),
    });
    expect(await cli("operations", "cancel", "nobody")).toMatchObject({ code: 1 });
  });

  it("show first what replay, forget, inbound and replies would do", async () => {
    expect(await cli("replay", "nobody", "--dry-run")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no memory provider "nobody"'),
    });
    expect(await cli("forget", "http", "ann")).toMatchObject({
      ...{
        code: 1,
        stdout: expect.stringContaining("to erase   3 turns in 3 sessions"),
        stderr: expect.stringContaining("--yes"),
      },
    });
    expect(await cli("forget", "http", "ann", "--group", "g-old", "--dry-run", "--json")).toMatchObject({ code: 0 });
    expect(await cli("forget", "nowhere", "ann")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("it has http"),
    });
    expect(await cli("inbound", "ls")).toMatchObject({ code: 0, stdout: "no such messages\n" });
    expect(await cli("inbound", "discard", "--all", "--yes")).toMatchObject({ code: 2 });
    expect(await cli("replies", "ls")).toMatchObject({ code: 0, stdout: "no failed replies\n" });
    expect(await cli("replies", "send")).toMatchObject({ code: 2, stderr: expect.stringContaining("say which") });
    expect(await cli("policy")).toMatchObject({ code: 1, stderr: expect.stringContaining("--stack") });
  });

  it("print the version, and completions that the shell takes", async () => {
    expect(await cli("--version")).toMatchObject({ code: 0, stdout: "0.1.0\n" });
    const { stdout } = await cli("completion", "bash");
    const completed = spawnSync("bash", [
      "-c",
      `${stdout}\nCOMP_WORDS=(vesper hooks re); COMP_CWORD=2; _vesper; echo "\${COMPREPLY[*]}"
      COMP_WORDS=(vesper hooks ls st); COMP_CWORD=3; _vesper; echo "\${COMPREPLY[*]}"`,
    ]);
    expect(completed.stdout.toString()).toBe("redrive\nstatus:\n");
    expect((await cli("completion", "fish")).stdout).toContain("__fish_seen_subcommand_from hooks");
    expect((await cli("completion", "zsh")).stdout).toContain("bashcompinit");
  });

  it("print with tail what happens, one line each, until it is interrupted", async () => {
    const child = spawn(process.execPath, [join(ROOT, "bin/vesper.js"), "tail", "--ndjson"], {
      env: { PATH: process.env.PATH, HOME: folder.dataPath, VESPER_DATA: folder.dataPath },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    const deadline = performance.now() + 20_000;
    for (let number = 0; !output.includes("hello tail") && performance.now() < deadline; number++) {
      // So long that its words are packed in the table.
      await harness.chat(`hello tail ${number} ${PROSE.slice(0, 1_500)}`, { conversation: "tail" });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    const events = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.find(({ what }) => what === "message")).toMatchObject({
      text: expect.stringContaining("hello tail"),
    });
    expect(events.find(({ what }) => what === "reply")).toMatchObject({
      text: expect.stringContaining("You said: hello tail"),
    });
  });

  it.runIf(HAS_TERMINAL)(
    "fit tables on a terminal of 60 columns, shorten ids, and show the progress by a bar",
    async () => {
      const narrow = (command: string) => inTerminal(60, command, folder.dataPath);
      for (const command of ["hooks ls status:dead", "sessions ls", "hooks groups", "audit", "operations ls"]) {
        const { output } = await narrow(command);
        const lines = output.split("\n");
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
      }
      expect((await narrow("hooks ls status:dead")).output).toMatch(/^…\w{8} +crm +dead/m);
      const { output, raw } = await narrow("hooks redrive --all --yes");
      expect(raw).toContain("█ 3 of 3");
      expect(output).toContain("3 revived and on the queue, 3 dead letters cleared");
      await harness.settle();
      expect(await json("hooks", "ls", "status:dead")).toEqual([]);
    },
  );

  it("one that its canary halted says why and how it goes on, and does so when it is told to", async () => {
    const real = () => new Date(performance.timeOrigin + performance.now()).toISOString();
    harness.goTo(real());
    harness.provider.setMode(401);
    for (const conversation of ["h0", "h1", "h2"]) {
      await harness.chat("hello", { conversation });
      await harness.chat("/reset", { conversation });
    }
    /** The gateway works while the command waits for it. */
    const meanwhile = async (command: ReturnType<typeof cli>) => {
      let isOver = false;
      void command.then(() => {
        isOver = true;
      });
      while (!isOver) {
        harness.goTo(real());
        await harness.settle();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return command;
    };
    const args = ["hooks", "redrive", "provider:crm", "--yes", "--canary", "1", "--name", "careful"];
    const halted = await meanwhile(cli(...args));
    expect(halted).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("careful is halted, the canary failed: "),
    });
    expect(halted.stderr).toContain("mend it, then npx vesper operations resume careful");
    expect(await json("operations", "show", "careful")).toMatchObject({ status: "halted", done: 1 });
    expect((await cli("operations", "ls")).stdout).toMatch(/careful +redrive +halted +1 of \d/);
    harness.provider.setMode("ok");
    expect(await meanwhile(cli("operations", "resume", "careful"))).toMatchObject({ code: 0, stderr: "" });
    await harness.settle();
    expect(await json("operations", "show", "careful")).toMatchObject({ status: "done" });
    // The canary's own died after the plan: it is for another one.
    expect(await json("hooks", "ls", "status:dead")).toMatchObject([{ provider: "crm", attempts: 1 }]);
    expect(await json("hooks", "redrive", "--all", "--yes")).toMatchObject({ operation: { done: 1 } });
  });

  it("on replies and messages take filters, and have no canary where nothing tells what became of it", async () => {
    expect(await cli("replies", "send", "kind:throttled", "--yes")).toMatchObject({ stdout: "no failed replies\n" });
    expect(await cli("inbound", "redrive", "user:ann", "--yes")).toMatchObject({ stdout: "no unanswered messages\n" });
    expect(await cli("inbound", "redrive", "kind:auth")).toMatchObject({ code: 2 });
    expect(await cli("inbound", "redrive", "--all", "--canary", "1")).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining("unknown option '--canary'") },
    });
  });
});

/** Runs a command in a terminal of so many columns; answers what it shows, with and without what only a terminal sees. */
async function inTerminal(columns: number, command: string, dataPath: string) {
  const words = `stty cols ${columns}; "${process.execPath}" "${join(ROOT, "bin/vesper.js")}" ${command}`;
  const child = spawn("script", ["-qec", words, "/dev/null"], {
    env: { PATH: process.env.PATH, HOME: dataPath, VESPER_DATA: dataPath, NO_COLOR: "1", TERM: "xterm" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    raw += text;
  });
  await once(child, "close");
  const lines = raw.split(/\r?\n/).map((line) => line.replace(/^.*\r/, "").replaceAll("\u001b[K", ""));
  return { raw, output: lines.join("\n").trim() };
}

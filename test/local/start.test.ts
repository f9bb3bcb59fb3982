import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCli } from "../cli/cli.ts";
import { makeStartFolder, type StartFolder } from "./startFolder.ts";

describe("npm start", () => {
  let folder: string;
  let run: StartFolder["run"];
  let refused: StartFolder["refused"];
  let remove: StartFolder["remove"];
  beforeEach(() => {
    ({ folder, run, refused, remove } = makeStartFolder());
  });
  afterEach(() => remove());

  it("comes up, says where and what next, and stops clean", async () => {
    const { child, output } = run();

    const text = await output;
    const url = /Vesper runs at (\S+)/.exec(text)?.[1] ?? "";
    expect(text).toContain("Made up and written to .env: HTTP_SIGNING_SECRET");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // The function refuses the one, and never hears of the other.
    expect((await fetch(`${url}/webhooks/http`, { method: "POST" })).status).toBe(401);
    const unknown = await fetch(`${url}/webhooks/unknown`, { method: "POST" });
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: "Not Found" }]);

    await stop(child, "SIGTERM");
    expect(child.exitCode).toBe(0);
    expect(existsSync(join(folder, "data", "stack.json"))).toBe(false);
  });

  it("starts again after SIGKILL, with the secret that it made up", async () => {
    const first = run();
    await first.output;
    await stop(first.child, "SIGKILL");

    const text = await run().output;

    expect(text).toContain("Vesper runs at");
    expect(text).not.toContain("Made up");
  });

  it("says in one line that another gateway uses the data", async () => {
    await run().output;

    const { text, code } = await refused({});

    expect([code, text.split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(/^Vesper can't start: .* in use/);
  });

  it("says in one line that the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = String(typeof address === "object" && address ? address.port : 0);

    const { text, code } = await refused({ VESPER_PORT: port });
    other.close();

    expect(code).toBe(1);
    expect(text).toBe(
      `Vesper can't start: port ${port} is in use: stop what uses it, or give another with VESPER_PORT`,
    );
  });

  it.each([
    ["a port that is none", { VESPER_PORT: "abc" }, /VESPER_PORT is "abc", but must be a port from 0 to 65535$/],
    ["a config that is not there", { VESPER_CONFIG: "nowhere.ts" }, /there is no \S+nowhere.ts: write one/],
    ["a data folder that can't be", { VESPER_DATA: "/dev/null/x" }, /data folder \/dev\/null\/x can't be made/],
  ])("says in one line what is wrong: %s", async (_name, env, why) => {
    const { text, code } = await refused(env);

    expect([code, text.split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(why);
  });

  it("keeps the data, the logs, the stack file and .env to its user, and takes back what others could read", async () => {
    const data = join(folder, "data");
    mkdirSync(join(data, "logs"), { recursive: true });
    mkdirSync(join(data, "mine"));
    for (const file of ["logs/message.log", "streams.json", "mine/file"]) writeFileSync(join(data, file), "{}");
    writeFileSync(join(folder, ".env"), "OTHER=1\n");
    for (const open of [data, join(data, "logs"), join(data, "mine")]) chmodSync(open, 0o755);
    for (const open of ["data/logs/message.log", "data/streams.json", "data/mine/file", ".env"]) {
      chmodSync(join(folder, open), 0o644);
    }

    await run().output;

    const made = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("mine"));
    expect(made).toEqual(expect.arrayContaining(["dynamodb/CURRENT", "sqs/sqs.db", "stack.json", "logs/message.log"]));
    const open = made.filter((name) => (statSync(join(data, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);
    // What somebody else has put there is theirs.
    expect(statSync(join(data, "mine/file")).mode & 0o777).toBe(0o644);
  });

  it("takes a secret from its environment, over .env, and writes it nowhere", async () => {
    const [mine, other] = [1, 2].map((byte) => `whsec_${Buffer.alloc(24, byte).toString("base64")}`);
    writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${other}\n`);
    const { child, output } = run({ HTTP_SIGNING_SECRET: mine ?? "" });
    const url = /Vesper runs at (\S+)/.exec(await output)?.[1] ?? "";

    const say = (secret = "") => {
      const body = JSON.stringify({ conversation: "c", user: { id: "u" }, text: "hello" });
      const headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        "webhook-signature": new Webhook(secret).sign("msg_1", new Date(), body),
      };
      return fetch(`${url}/webhooks/http`, { method: "POST", body, headers });
    };
    expect((await say(other)).status).toBe(401);
    expect((await say(mine)).status).toBe(202);

    await stop(child, "SIGTERM");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
    const holding = files.filter(
      (file) => statSync(file).isFile() && readFileSync(file, "latin1").includes(mine ?? "x"),
    );
    expect(holding).toEqual([]);
  });

  it("works with secrets that end in a line break, and so do the commands, which have the key of this start", async () => {
    const secret = `whsec_${Buffer.alloc(24, 3).toString("base64")}`;
    writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET="${secret}\\n"\n`);
    const data = join(folder, "data");
    await run().output;

    const check = await startCli(data, ["secrets", "check"]).result;
    expect(check).toMatchObject({ code: 0, stdout: expect.stringMatching(/^HTTP_SIGNING_SECRET +present /m) });
    const said = await startCli(data, ["say", "hello", "--wait", "30s"]).result;
    expect(said).toMatchObject({ code: 0, stdout: "You said: hello\n", stderr: "" });
  });

  it("makes up no signing secret that its environment has", async () => {
    const text = await run({ HTTP_SIGNING_SECRET: `whsec_${Buffer.alloc(24, 1).toString("base64")}` }).output;

    expect(text).not.toContain("Made up");
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  it("ends without an error whenever Ctrl-C comes, also twice, as npm sends it", { timeout: 60_000 }, async () => {
    for (const wait of [50, 200, 350, 500, 650, 800, 1_000, 1_300, "up", "up+50"]) {
      const { child, output } = run();
      const told = output.then(() => undefined);
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
      if (typeof wait === "number") await Promise.race([sleep(wait), once(child, "exit")]);
      else await told.then(() => sleep(wait === "up" ? 0 : 50));
      const ended = once(child, "close");
      child.kill("SIGINT");
      child.kill("SIGINT");
      await ended;

      expect([0, 130, "SIGINT"], `${wait}: ${text}`).toContain(child.exitCode ?? child.signalCode);
      expect(text, String(wait)).not.toMatch(/ {4}at |can't start|error/i);
      expect(existsSync(join(folder, "data", "stack.json")), String(wait)).toBe(false);
    }
  });
});

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, "exit");
}

import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { dataFolder, startCli } from "./cli.ts";
import { runHere } from "./runHere.ts";

describe("the CLI against a gateway", () => {
  let harness: GatewayHarness;
  let folder: ReturnType<typeof dataFolder>;
  let session: string;
  beforeAll(async () => {
    // The CLI is another process, whose clock is the machine's.
    harness = await startGatewayHarness(new Date().toISOString());
    folder = dataFolder(harness);
    await harness.chat("hello", { user: { id: "ann", name: "Ann\u202e" } });
    await harness.chat("line one\nagent: forged\u001b[31m\u202e");
    harness.advance("1s");
    harness.provider.setMode(401);
    await harness.chat("/reset");
    [{ session } = { session: "" }] = await json("sessions", "ls", "--status", "ended");
  });
  afterAll(async () => {
    folder[Symbol.dispose]();
    await harness.stop();
  });

  const cli = (...args: string[]) => startCli(folder.dataPath, args).result;
  /** The same in this process, where a start costs nothing. */
  const here = (...args: string[]) => runHere(args, { env: { VESPER_DATA: folder.dataPath } });
  async function json(...args: string[]) {
    const { code, stdout, stderr } = await cli(...args, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  }

  it("keeps the contract of sessions ls --json", async () => {
    expect(await json("sessions", "ls")).toEqual([
      {
        ...{ session: expect.any(String), conversation: "default/http/ann//", platform: "http", status: "open" },
        ...{ reason: null, startedAt: expect.any(String), endedAt: null, turns: 0, hooks: {} },
      },
      {
        ...{ session, conversation: "default/http/ann//", platform: "http", status: "ended", reason: "reset" },
        ...{ startedAt: expect.any(String), endedAt: expect.any(String), turns: 2 },
        hooks: { crm: "dead", builtin: "delivered" },
      },
    ]);
  });

  it("keeps the contract of hooks ls --json", async () => {
    expect(await json("hooks", "ls", "--status", "dead")).toEqual([
      {
        ...{
          session,
          provider: "crm",
          status: "dead",
          attempts: 1,
          nextAttemptAt: null,
          acceptedAt: null,
          receipt: null,
        },
        lastError: {
          ...{ kind: "auth", status: 401, message: expect.any(String), group: expect.any(String) },
          at: expect.stringMatching(/Z$/),
        },
      },
    ]);
    expect(await json("hooks", "ls", "--provider", "builtin")).toMatchObject([
      { status: "delivered", lastError: null, receipt: {} },
    ]);
  });

  it("prints aligned tables, without colours when nobody looks", async () => {
    const { stdout } = await cli("sessions", "ls");
    const [head = "", ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^SESSION +CONVERSATION +STATUS +REASON +STARTED +ENDED +TURNS +HOOKS$/);
    expect(rows).toHaveLength(2);
    expect(rows[1]?.slice(head.indexOf("HOOKS"))).toBe("builtin:delivered crm:dead");
    expect(stdout).not.toContain("\u001b");
    expect((await cli("hooks", "ls", "--status", "dead")).stdout).toContain("auth 401");
  });

  it("T11 prints the transcript by sessions show so that no text can pass for another line", async () => {
    const { code, stdout } = await cli("sessions", "show", session);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
    expect(stdout).toContain('user "Ann": hello');
    expect(stdout).toContain("agent: You said: hello");
    expect(stdout).not.toMatch(/^agent: forged/m);
    expect(stdout).toMatch(/^ +\| agent: forged$/m);
    expect(stdout).toMatch(/crm +dead +1 /);
    expect(await json("sessions", "show", session)).toMatchObject({
      ...{ session, turns: 2, transcript: [{ text: "hello" }, {}] },
      deliveries: [{ provider: "builtin" }, { provider: "crm", failures: [{ status: 401 }] }],
    });
  });

  it("prints the timeline of attempts by hooks show", async () => {
    const { stdout } = await cli("hooks", "show", session, "crm");
    expect(stdout).toContain(`${session} -> crm: dead`);
    expect(stdout).toMatch(/failed after \d+ ms: auth 401 .* \| scripted 401/);
    expect(stdout).toContain(`npx vesper hooks redrive ${session} crm`);
    expect(await json("hooks", "show", session)).toHaveLength(2);
  });

  it("says in one line what is not there", async () => {
    const missing = [
      ["sessions", "show", "nothing"],
      ["sessions", "end", "nothing"],
      ["sessions", "end", session],
      ["hooks", "show", "nothing"],
      ["hooks", "show", session, "nobody"],
      ["hooks", "redrive", session, "builtin"],
    ];
    for (const args of missing) {
      expect(await cli(...args)).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^vesper: .+\n$/),
      });
    }
  });

  it("fails at a session, a platform or a provider that does not exist, and names what there is", async () => {
    const asked = [
      [["sessions", "ls", "--platform", "slack"], 'no platform "slack": the config has http'],
      [["sessions", "ls", "--platform", "slack", "--json"], 'no platform "slack": the config has http'],
      [["hooks", "ls", "--provider", "mem"], 'no provider "mem": the config has none'],
      [["hooks", "ls", "--provider", "mem", "--status", "dead", "--json"], 'no provider "mem"'],
      [["hooks", "redrive", "--provider", "mem", "--yes"], 'no provider "mem"'],
      [["hooks", "redrive", "--provider", "mem", "--dry-run", "--json"], 'no provider "mem"'],
      [["hooks", "redrive", "nothing"], 'no session "nothing"'],
      [["hooks", "redrive", "nothing", "crm"], 'no session "nothing"'],
      [["hooks", "redrive", session, "mem"], 'for "mem": it has builtin (delivered), crm (dead)'],
      [["hooks", "show", "nothing"], 'no session "nothing"'],
      [["hooks", "show", session, "mem"], 'for "mem": it has builtin, crm'],
      [["sessions", "show", "nothing"], 'no session "nothing"'],
      [["sessions", "end", "nothing"], 'no session "nothing"'],
    ] as const;
    for (const [args, words] of asked) {
      const { code, stdout, stderr } = await here(...args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^vesper: [^\n]+\n$/);
      expect(stderr).toContain(words);
    }
  });

  it("knows a provider that the config has no more by what is stored of it", async () => {
    expect(await here("hooks", "ls", "--provider", "builtin", "--status", "dead")).toEqual({
      ...{ code: 0, stdout: "no hooks\n", stderr: "" },
    });
    expect(await here("hooks", "redrive", "--provider", "builtin")).toMatchObject({
      code: 0,
      stdout: "no dead hooks\n",
    });
  });

  it("L10 plans first by hooks redrive, and does nothing without --yes", async () => {
    const plan = { plan: { count: 1, providers: { crm: 1 } }, acted: false, operation: null };
    expect(await json("hooks", "redrive", "--all", "--dry-run")).toMatchObject(plan);
    const unsure = await cli("hooks", "redrive", "--all", "--json");
    expect(unsure).toMatchObject({ code: 1, stderr: "vesper: nothing was redriven: it takes --yes\n" });
    expect(JSON.parse(unsure.stdout)).toMatchObject(plan);
    expect(await cli("hooks", "redrive", session)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^1 dead hook \(crm 1\), died /),
    });
    expect(await harness.deadHooks()).toHaveLength(1);
    expect(await json("hooks", "redrive", "--provider", "builtin", "--yes")).toMatchObject({ plan: { count: 0 } });
  });

  it("L10 D8 redrives one hook that is named at once, and of two redrives that race the provider gets one", async () => {
    harness.provider.setMode("ok");
    const results = await Promise.all([1, 2].map(() => cli("hooks", "redrive", session, "crm")));
    // The slower one may find it dead and lose, or find it pending already.
    expect(results.filter(({ stdout }) => stdout.includes("1 revived and on the queue"))).toHaveLength(1);
    expect(await harness.dlq()).toBe(0);
    // By the machine's clock, which the commands go by: a slow machine is minutes ahead of the world.
    harness.goTo(new Date(performance.timeOrigin + performance.now() + 60_000).toISOString());
    await harness.settle();
    expect(harness.provider.received.map(({ body }) => body.data.session)).toEqual([session]);
    expect(await json("hooks", "ls", "--status", "dead")).toEqual([]);
  });

  it("L12 takes away by redrive --all the DLQ messages that were left, with no dead hook, and leaves them with --dry-run", async () => {
    const job = { v: 1, session, conversation: "default/http/ann//", provider: "crm", deadAt: 7 };
    const QueueUrl = harness.wiring.queues.sessionEndDead;
    await harness.operatorQueues.send(
      new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job), MessageGroupId: "crm" }),
    );
    expect(await json("hooks", "redrive", "--all", "--dry-run")).toMatchObject({ acted: false, cleared: 0 });
    expect(await harness.dlq()).toBe(1);
    expect(await cli("hooks", "redrive", "--all")).toEqual({
      ...{ code: 0, stdout: "no dead hooks\n1 dead letter cleared\n", stderr: "" },
    });
    expect(await harness.dlq()).toBe(0);
    expect(await json("hooks", "redrive", "--all")).toMatchObject({ plan: { count: 0 }, acted: true, cleared: 0 });
  });

  it("ends a live session by sessions end, and its hooks follow", async () => {
    await harness.chat("bye");
    const [{ session: live } = { session: "" }] = await json("sessions", "ls", "--status", "open");
    expect(await json("sessions", "end", live)).toEqual({ session: live, outcome: "ended" });
    await harness.settle();
    harness.advance("1m");
    await harness.settle();
    expect((await json("sessions", "ls", "--status", "ended"))[0]).toMatchObject({
      ...{ session: live, reason: "api", turns: 1 },
      hooks: { crm: "delivered", builtin: "delivered" },
    });
  });

  it("T15 says on stderr which rows it could not read, and shows the others", async () => {
    const { client, name } = harness.operatorTable;
    const change = async (sk: string, changes: object) => {
      const key = { pk: `SESSION#${session}`, sk };
      const { Item } = await client.send(new GetCommand({ TableName: name, Key: key }));
      await client.send(new PutCommand({ TableName: name, Item: { ...Item, ...changes } }));
    };
    await change("HOOK#crm", { v: 2, status: "dead", state: "DEAD#0", at: 1 });
    const one = `SESSION#${session} HOOK#crm: newer version`;
    const stderr = `vesper: 1 row could not be read, and is left out: ${one}\n`;
    const list = await cli("sessions", "ls", "--status", "ended", "--json");
    expect(list).toMatchObject({ code: 0, stderr });
    expect(JSON.parse(list.stdout)).toMatchObject([{}, { session, hooks: { builtin: "delivered" } }]);
    expect(await cli("hooks", "redrive", "--all")).toEqual({
      ...{ code: 0, stdout: "no dead hooks that could be read\n", stderr },
    });
    const { stdout } = await cli("hooks", "redrive", "--all", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      plan: { count: 0, unread: [{ sk: "HOOK#crm", why: "newer version" }] },
    });

    await change("HOOK#builtin", { attempts: "\u001b[31m" });
    const both = await cli("hooks", "ls", "--status", "delivered");
    expect(both).toMatchObject({ code: 0, stdout: expect.stringContaining("delivered") });
    expect(both.stderr).toBe(
      `vesper: 2 rows could not be read, and are left out: SESSION#${session} HOOK#builtin: ` +
        `unexpected data: attempts must be number; ${one}\n`,
    );
  });
});

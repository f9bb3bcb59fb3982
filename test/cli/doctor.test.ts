import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importing } from "../harness/importing.ts";
import { type Mem0Fake, startMem0Fake } from "../harness/mem0Fake.ts";
import { hookRows } from "../harness/rows.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { type CliHarness, DEPLOYED, startCliHarness } from "./cliHarness.ts";

const BASE = "https://gateway.example.com/webhooks";

describe("vesper doctor", () => {
  let cliHarness: CliHarness;
  beforeEach(async () => {
    cliHarness = await startCliHarness();
    expect(await cliHarness.cli(["webhooks", "set", "--platform", "telegram", "--url", BASE])).toMatchObject({
      code: 0,
    });
  });
  afterEach(() => cliHarness.stop());

  /** Telegram can reach only an https address, the test message only one of this machine. */
  const doctor = (...args: string[]) => cliHarness.cli(["doctor", "--url", BASE, ...args]);
  const failures = async (...args: string[]) => {
    const { code, stdout, stderr } = await doctor("--json", ...DEPLOYED, ...args);
    const findings: { check: string; status: string; detail: string }[] = JSON.parse(stdout);
    const failed = findings.filter(({ status }) => status === "failed");
    expect(code).toBe(failed.length > 0 ? 1 : 0);
    expect(stderr).toBe(failed.length > 0 ? `vesper: ${failed.length} of ${findings.length} checks failed\n` : "");
    return failed.map(({ check, detail }) => `${check}: ${detail}`);
  };

  it("finds everything well, here and deployed, in one line each, and sends nothing without --send", async () => {
    const deployed = await doctor(...DEPLOYED);
    expect(deployed).toMatchObject({ code: 0, stderr: "" });
    expect(deployed.stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^ok {4}stack +Test in eu-west-1, UPDATE_COMPLETE$/),
      expect.stringMatching(/^ok {4}sweep schedule +Sweep-1 is ENABLED$/),
      expect.stringMatching(/^ok {4}retention schedule +Retention-1 is ENABLED$/),
      expect.stringMatching(/^ok {4}message sources +1 enabled$/),
      expect.stringMatching(/^ok {4}session-end sources +3 enabled$/),
      expect.stringMatching(/^ok {4}expiry sources +2 enabled$/),
      expect.stringMatching(/^ok {4}concurrency +the queues' mappings call up to 252 functions at once, and 1000 of /),
      expect.stringMatching(/^ok {4}secrets +4 of 4 are there$/),
      expect.stringMatching(/^ok {4}telegram webhook +registered, https:\/\/gateway/),
      expect.stringMatching(/^ok {4}inbound queue +0 wait, 0 in flight$/),
      expect.stringMatching(/^ok {4}session-end queue +crm: 0 wait, 0 in flight$/),
      expect.stringMatching(/^ok {4}session-end queue +wiki: 0 wait/),
      expect.stringMatching(/^ok {4}session-end queue +builtin: 0 wait/),
      expect.stringMatching(/^ok {4}inbound dead letters +none$/),
      expect.stringMatching(/^ok {4}session-end dead letters +none$/),
      expect.stringMatching(/^ok {4}stream failures +none$/),
      expect.stringMatching(/^ok {4}oldest due +nothing/),
      expect.stringMatching(/^ok {4}crm deliveries +0 pending, none failing$/),
      expect.stringMatching(/^ok {4}builtin deliveries +0 pending, none failing$/),
      expect.stringMatching(/^skip {2}message +not sent: --send /),
    ]);
    const { stdout, code } = await doctor();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {4}stack +Test runs on this machine/m);
    expect(stdout).toMatch(/^ok {4}schedule +npm start answers/m);
    expect(cliHarness.harness.provider.requests).toEqual([]);
  });

  it("can't judge Telegram's webhook here without the tunnel's address", async () => {
    expect((await cliHarness.cli(["doctor"])).stdout).toMatch(/^skip {2}telegram webhook .*--url$/m);
  });

  it.each([
    ["here", []],
    ["deployed", DEPLOYED],
  ])("sends a message the whole way to each provider: %s", async (_, target) => {
    const { code, stdout, stderr } = await doctor("--send", ...target);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ok {4}message +a turn of session [0-9A-Z]{26} after /m);
    expect(stdout).toMatch(/^ok {4}hook builtin +delivered after /m);
    expect(stdout).toMatch(/^ok {4}hook crm +delivered after /m);
    expect(cliHarness.harness.delivered()).toMatchObject([
      { reason: "api", turns: 1, chat: { type: "dm" }, users: [{ id: "vesper-doctor" }] },
    ]);
    expect(cliHarness.harness.delivered()[0].conversation).toContain("vesper-doctor-");
  });

  it("says where the message stopped: refused, no turn, a dead hook, a hook that waits", async () => {
    cliHarness.aws.parameters.set(
      "/vesper/Test/HTTP_SIGNING_SECRET",
      `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
    );
    expect(await failures("--send")).toEqual([expect.stringMatching(/^message: the gateway refused it with 401: /)]);
    cliHarness.reset();
    cliHarness.door.answers = false;
    expect(await failures("--send", "--wait", "2s")).toEqual([
      expect.stringMatching(
        /^message: accepted as doctor-\w+, but no turn in 2\.\d s: see the message function's log$/,
      ),
    ]);
    cliHarness.door.answers = true;
    await cliHarness.harness.settle();
    cliHarness.harness.provider.failNext(1, 503);
    expect(await failures("--send", "--wait", "8s")).toEqual([
      expect.stringMatching(/^hook crm: pending after 8\.\d s \(transient 503 .*: see npx vesper hooks show \w+ crm$/),
    ]);
    cliHarness.harness.provider.failNext(1, 401);
    const dead = await failures("--send");
    expect(dead.find((line) => line.startsWith("hook crm"))).toMatch(/^hook crm: dead after .*\(auth 401 /);
    expect(dead.find((line) => line.startsWith("session-end dead letters"))).toBeUndefined();
  });

  it("finds what is wrong with the stack and its schedules", async () => {
    const { aws } = cliHarness;
    aws.schedules.set("Sweep-1", "DISABLED").delete("Retention-1");
    const stack = aws.stacks.get("Test");
    if (stack) stack.status = "UPDATE_ROLLBACK_COMPLETE";
    expect(await failures()).toEqual([
      expect.stringMatching(/^stack: Test in eu-west-1, UPDATE_ROLLBACK_COMPLETE: .*deploy again$/),
      expect.stringMatching(/^sweep schedule: Sweep-1 is DISABLED: enable it/),
      expect.stringMatching(/^retention schedule: Retention-1 is gone: /),
    ]);
    cliHarness.reset();
    Object.assign(aws.stacks.get("Test")?.outputs ?? {}, { SweepScheduleName: "Sweep-1,Sweep-2,Sweep-3" });
    aws.schedules.set("Sweep-2", "ENABLED");
    expect(await failures()).toEqual([expect.stringMatching(/^sweep schedule: Sweep-3 is gone: /)]);
    delete aws.stacks.get("Test")?.outputs.SweepScheduleName;
    expect(await failures()).toEqual([
      "sweep schedule: the stack has no output SweepScheduleName: deploy it with npx cdk deploy",
    ]);
    aws.stacks.clear();
    expect(await failures()).toEqual([expect.stringMatching(/^stack: no stack "Test" in eu-west-1: /)]);
  });

  it("finds an event source mapping that is not enabled, and one that is not there", async () => {
    const { mappings } = cliHarness.aws;
    const builtin = mappings.get("uuid-builtin");
    if (builtin) builtin.State = "Disabled";
    mappings.delete("uuid-stream");
    expect(await failures()).toEqual([
      "session-end sources: the event source mapping of SessionEnd-builtin is Disabled: " +
        "aws lambda update-event-source-mapping --enabled --uuid uuid-builtin",
      "expiry sources: 1 event source mappings of 2: somebody deleted one; deploy again",
    ]);
    cliHarness.reset();
    const inbound = mappings.get("uuid-inbound");
    if (inbound) inbound.State = "Updating";
    expect(await failures()).toEqual([]);
    delete cliHarness.aws.stacks.get("Test")?.outputs.MessageFunctionName;
    expect(await failures()).toEqual([
      "event sources: the stack has no output MessageFunctionName: deploy it with npx cdk deploy",
    ]);
  });

  it("says when what the queues' mappings may call at once does not fit the account's concurrency", async () => {
    const { account, mappings } = cliHarness.aws;
    // 100, three times 50 and two, and room for webhook and sweeps.
    account.UnreservedConcurrentExecutions = 256;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 255;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: the queues' mappings call up to 252 functions at once, and 255 of the account's 1000 are not reserved, of which 4 must be left for webhook and sweeps: ask for a higher quota/,
      ),
    ]);
    cliHarness.reset();
    delete mappings.get("uuid-crm")?.ScalingConfig;
    expect(await failures()).toEqual([
      "concurrency: the event source mapping of SessionEnd-crm has no maximum concurrency, so that it may stop all others: deploy again",
    ]);
  });

  it("does not count what has executions of its own: webhook, and the expiry function with its visits", async () => {
    const { account, reserved, stacks } = cliHarness.aws;
    reserved.set("Test-Webhook", 50);
    account.UnreservedConcurrentExecutions = 254;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 253;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: the queues' mappings call up to 252 functions at once, and 253 of the account's 1000 are not reserved \(50 for webhook are, and not counted\), of which 2 must be left for sweeps: ask for a higher quota/,
      ),
    ]);
    reserved.set("Test-Expiry", 14);
    account.UnreservedConcurrentExecutions = 250;
    expect(await failures()).toEqual([]);
    account.UnreservedConcurrentExecutions = 249;
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^concurrency: .* 250 functions .* \(50 for webhook and 14 for expiry are, .*\): ask for a/,
      ),
    ]);
    reserved.delete("Test-Webhook");
    expect(await failures()).toEqual([expect.stringMatching(/, of which 2 must be left for webhook: ask/)]);
    cliHarness.reset();
    delete stacks.get("Test")?.outputs.WebhookFunctionName;
    expect(await failures()).toEqual([
      "event sources: the stack has no output WebhookFunctionName: deploy it with npx cdk deploy",
    ]);
  });

  it("goes on where one check is denied", async () => {
    cliHarness.aws.denied.add("scheduler:GetSchedule").add("ssm:GetParameters").add("lambda:GetAccountSettings");
    expect(await failures()).toEqual([
      expect.stringMatching(/^schedule: access denied: .* may not scheduler:GetSchedule on arn:aws:scheduler:/),
      expect.stringMatching(/^functions: access denied: .* may not lambda:GetAccountSettings on /),
      expect.stringMatching(/^secrets: access denied: .* may not ssm:GetParameters on /),
      expect.stringMatching(/^telegram webhook: access denied: .* may not ssm:GetParameters/),
    ]);
  });

  it("finds missing secrets, and so a webhook that it can't ask about", async () => {
    cliHarness.aws.parameters.delete("/vesper/Test/BOT_TOKEN");
    expect(await failures()).toEqual([
      expect.stringMatching(/^secrets: missing BOT_TOKEN: aws ssm put-parameter --region eu-west-1 /),
      expect.stringMatching(/^telegram webhook: no secret "\/vesper\/Test\/BOT_TOKEN"/),
    ]);
  });

  it("finds what is wrong with Telegram's webhook: another, errors, wrong updates, none", async () => {
    const { bot } = cliHarness.harness;
    const set = (parameters: object) =>
      fetch(`${bot.url}/bot${bot.token}/setWebhook`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(parameters),
      });
    const mend = /: mend it with npx vesper webhooks set --platform telegram$/;
    bot.failWebhook(`Wrong response from the webhook: 401 Unauthorized, /bot${bot.token}`);
    expect(await failures()).toEqual([
      expect.stringMatching(/1 updates wait, as Telegram got "Wrong response .*<secret>/),
    ]);
    bot.failWebhook(undefined);
    expect(await failures()).toEqual([]);
    await set({ url: `https://old.example/${bot.token}` });
    expect(await failures()).toEqual([expect.stringMatching(/Telegram calls another address, at old\.example, which/)]);
    await set({ url: `${BASE}/telegram`, allowed_updates: ["callback_query"] });
    expect(await failures()).toEqual([
      expect.stringMatching(/Telegram does not send message, edited_message, my_chat_member/),
    ]);
    await set({ url: "" });
    const none = await failures();
    expect(none).toEqual([expect.stringMatching(/^telegram webhook: Telegram calls no address/)]);
    expect(none[0]).toMatch(mend);
  });

  it("finds a provider whose hooks fail, and one that is taken to be down", async () => {
    const { harness } = cliHarness;
    const end = async (conversation: string) => {
      await harness.chat("hello", { conversation });
      await harness.chat("/reset", { conversation });
    };
    harness.provider.setMode(503);
    await end("first");
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^crm deliveries: 1 pending hook is failing \(last: transient 503 \S+ answered 503 now\): npx vesper hooks ls --status pending --provider crm$/,
      ),
    ]);
    for (const name of ["b", "c", "d", "e", "f"]) await end(name);
    harness.advance("3m");
    expect(await failures()).toEqual([
      expect.stringMatching(
        /^crm deliveries: taken to be down since 3m ago, after 5 failures in a row \(last: transient 503 .*\), and asked once a minute; 5 pending hooks are failing \(/,
      ),
    ]);
    const waiting = (await hookRows(harness, "crm")).find(({ attempts }) => attempts === 0);
    const show = await cliHarness.cli(["hooks", "show", waiting?.session ?? "", "crm"]);
    expect(show.stdout).toMatch(/ {2}waits, as crm is taken to be down since 3m ago$/m);
    const { stdout } = await cliHarness.cli(["hooks", "show", waiting?.session ?? "", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { provider: "builtin", providerDownSince: null },
      { provider: "crm", providerDownSince: expect.stringMatching(/Z$/) },
    ]);
  });

  it("finds messages on the dead-letter queues, and what the sweep has missed", async () => {
    const { harness } = cliHarness;
    harness.provider.setMode(401);
    await harness.chat("hello");
    await harness.chat("/reset");
    await harness.operatorQueues.send(
      new SendMessageCommand({
        ...{ QueueUrl: harness.wiring.queues.inboundDead, MessageBody: "{}" },
        ...{ MessageGroupId: "g", MessageDeduplicationId: "d" },
      }),
    );
    await harness.operatorTable.client.send(
      new PutCommand({
        TableName: harness.operatorTable.name,
        Item: { pk: "CONV#lost", sk: "SESSION#01LOST", state: "DUE#3", at: Date.now() - 12 * 60_000 },
      }),
    );
    expect(await failures()).toEqual([
      expect.stringMatching(/^inbound dead letters: 1 that could not be answered: /),
      expect.stringMatching(/^session-end dead letters: 1 of dead hooks: npx vesper hooks ls --status dead/),
      expect.stringMatching(/^stream failures: 1 /),
      expect.stringMatching(
        /^oldest due: 01LOST .* 12m ago: the sweep does not do its work; see the log of Test-Expiry$/,
      ),
    ]);
  });

  it("says that nothing runs here, and that the config can't be read", async () => {
    expect(await cliHarness.cli(["doctor"], { VESPER_DATA: "/nowhere" })).toMatchObject({
      ...{ code: 1, stdout: expect.stringMatching(/^FAIL {2}stack +nothing runs here: start it with npm start/) },
    });
    const { stdout, code } = await cliHarness.cli(["doctor", ...DEPLOYED], { VESPER_CONFIG: "/nowhere.ts" });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}config +there is no \/nowhere\.ts/m);
    expect(stdout).toMatch(/^ok {4}oldest due /m);
  });

  describe("--provider", () => {
    let folder: string;
    let memory: Mem0Fake;
    beforeEach(async () => {
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
});

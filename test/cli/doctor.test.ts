import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hookRows } from "../harness/rows.ts";
import { type CliHarness, DEPLOYED } from "./cliHarness.ts";
import { BASE, callDoctor, failuresOf, startDoctorHarness } from "./doctorHarness.ts";

describe("vesper doctor", () => {
  let cliHarness: CliHarness;
  beforeEach(async () => {
    cliHarness = await startDoctorHarness();
  });
  afterEach(() => cliHarness.stop());

  const doctor = (...args: string[]) => callDoctor(cliHarness, ...args);
  const failures = (...args: string[]) => failuresOf(cliHarness, ...args);

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
});

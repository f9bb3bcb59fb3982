import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { KEY } from "./awsFake.ts";
import { startCli } from "./cli.ts";
import { type CliHarness, DEPLOYED, REGION, startCliHarness } from "./cliHarness.ts";

describe("the CLI against a deployed stack", () => {
  let cliHarness: CliHarness;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    await cliHarness.harness.chat("hello");
  });
  afterEach(() => cliHarness.reset());
  afterAll(() => cliHarness.stop());

  const LS = ["sessions", "ls", "--json"];

  it("finds the gateway by the stack's outputs, takes options anywhere, and VESPER_STACK is as good", async () => {
    const local = await cliHarness.cli(LS);
    expect(JSON.parse(local.stdout)).toMatchObject([{ status: "open", turns: 1 }]);
    expect(await cliHarness.cli([...LS, ...DEPLOYED])).toEqual(local);
    expect(await cliHarness.cli([...DEPLOYED, ...LS])).toEqual(local);
    expect(await cliHarness.cli(LS, { VESPER_STACK: "Test", AWS_REGION: REGION })).toEqual(local);
  });

  it("needs nothing of this machine but the credentials, a profile's included", async () => {
    const others = { AWS_ACCESS_KEY_ID: "AKIDANOTHER", AWS_SECRET_ACCESS_KEY: "another" };
    const elsewhere = { ...cliHarness.machine, ...others, VESPER_DATA: "/nowhere" };
    const credentials = join(cliHarness.folder.dataPath, "credentials");
    writeFileSync(
      credentials,
      `[ops]\naws_access_key_id=${KEY.id}\naws_secret_access_key=${KEY.secret}\nregion=${REGION}\n`,
    );
    const env = { ...elsewhere, AWS_SHARED_CREDENTIALS_FILE: credentials };
    const args = [...LS, "--stack", "Test", "--profile", "ops"];
    const { code, stdout, stderr } = await startCli(cliHarness.folder.dataPath, args, [], env).result;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it("ends a session and redrives a dead hook there, too", async () => {
    const { harness, cli } = cliHarness;
    harness.provider.setMode(401);
    const [{ session }] = JSON.parse((await cli(LS)).stdout);
    expect(await cli(["sessions", "end", session, ...DEPLOYED])).toMatchObject({ code: 0 });
    await harness.settle();
    expect((await cli(["hooks", "show", session, "crm", ...DEPLOYED])).stdout).toContain("auth 401");
    harness.provider.setMode("ok");
    expect(await cli(["hooks", "redrive", session, "crm", ...DEPLOYED])).toMatchObject({ code: 0 });
    await harness.settle();
    expect(await harness.deadHooks()).toEqual([]);
    expect(await harness.dlq()).toBe(0);
  });

  it("signs by say with the stack's secret, posts to its address, and prints the reply", async () => {
    expect(await cliHarness.cli(["say", "hi there", ...DEPLOYED])).toEqual({
      ...{ code: 0, stderr: "", stdout: "You said: hi there\n" },
    });
    cliHarness.aws.parameters.clear();
    expect(await cliHarness.cli(["say", "hi", ...DEPLOYED])).toMatchObject({
      ...{ code: 1, stdout: "", stderr: expect.stringContaining('no secret "/vesper/Test/HTTP_SIGNING_SECRET"') },
    });
  });

  const failures: Readonly<Record<string, [(cliHarness: CliHarness) => Record<string, string>, string, string[]?]>> = {
    "no such stack": [
      ({ aws }) => {
        aws.stacks.clear();
        return {};
      },
      'no stack "Test" in eu-west-1: check --stack, --region and --profile, or deploy it with npx cdk deploy',
    ],
    "another's stack": [
      ({ aws }) => {
        aws.stacks.set("Test", { status: "CREATE_COMPLETE", outputs: { TableName: "t" } });
        return {};
      },
      "is not a Vesper gateway, or not all of one: it has no output WebhookUrl, InboundQueueUrl,",
    ],
    "no credentials": [
      () => ({ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }),
      "no AWS credentials: log in (aws sso login), set AWS_PROFILE, or give --profile",
    ],
    "no such profile": [() => ({}), 'no AWS credentials of the profile "nobody":', ["--profile", "nobody"]],
    "credentials that AWS refuses": [
      () => ({ AWS_ACCESS_KEY_ID: "AKIDUNKNOWN" }),
      "AWS refuses the credentials (InvalidClientTokenId): log in again",
    ],
    "nobody answers": [
      () => ({ AWS_ENDPOINT_URL_CLOUDFORMATION: "http://127.0.0.1:9" }),
      "no answer from AWS (ECONNREFUSED): check the network and --region",
    ],
    "what may not be done": [
      ({ aws }) => {
        aws.denied.add("cloudformation:DescribeStacks");
        return {};
      },
      "access denied: arn:aws:iam::111122223333:user/ann may not cloudformation:DescribeStacks on " +
        "arn:aws:cloudformation:eu-west-1:111122223333:stack/Test/*: allow it, or give another --profile",
    ],
  };
  it.each(Object.entries(failures))("says in one line what is wrong: %s", async (_, [spoil, words, more = []]) => {
    const env = spoil(cliHarness);
    const result = await cliHarness.cli([...LS, ...DEPLOYED, ...more], env);
    expect(result).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(words) });
    expect(result.stderr).toMatch(/^vesper: [^\n]+\n$/);
  });

  it("says that no region is known", async () => {
    expect(await cliHarness.cli([...LS, "--stack", "Test"])).toMatchObject({
      ...{ code: 1, stderr: "vesper: no AWS region: give --region, set AWS_REGION, or put one into the profile\n" },
    });
  });

  it("says which action is denied by a service behind the stack", async () => {
    cliHarness.aws.denied.add("ssm:GetParameters");
    expect(await cliHarness.cli(["say", "hi", ...DEPLOYED])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("may not ssm:GetParameters on arn:aws:ssm:eu-west-1:") },
    });
  });

  it("repeats nothing of what a program said that a profile names", async () => {
    const file = join(cliHarness.folder.dataPath, "config");
    writeFileSync(file, `[profile tool]\ncredential_process = sh -c "echo ${KEY.secret} >&2; exit 1"\n`);
    const env = { AWS_CONFIG_FILE: file, AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    expect(await cliHarness.cli([...LS, ...DEPLOYED, "--profile", "tool"], env)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('no AWS credentials of the profile "tool"') },
    });
  });
});

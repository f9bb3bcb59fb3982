import { readFileSync, writeFileSync } from "node:fs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../lib/operator/findSecrets.ts";
import { startAwsFake } from "./awsFake.ts";
import { type CliHarness, DEPLOYED, REGION, startCliHarness } from "./cliHarness.ts";

describe("vesper secrets check", () => {
  let cliHarness: CliHarness;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
  });
  afterEach(() => cliHarness.reset());
  afterAll(() => cliHarness.stop());

  it.each([
    ["here", []],
    ["deployed", DEPLOYED],
  ])("says that all are there: %s", async (_, target) => {
    const { code, stdout, stderr } = await cliHarness.cli(["secrets", "check", ...target]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^SECRET +STATUS +PARAMETER$/),
      expect.stringMatching(/^BOT_SECRET +present +\/vesper\/Test\/BOT_SECRET$/),
      expect.stringMatching(/^BOT_TOKEN +present /),
      expect.stringMatching(/^CRM_SECRET +present /),
      expect.stringMatching(/^HTTP_SIGNING_SECRET +present /),
    ]);
  });

  it("fails when one is missing, and says how to set it", async () => {
    cliHarness.aws.parameters.delete("/vesper/Test/BOT_TOKEN");
    const { code, stdout, stderr } = await cliHarness.cli(["secrets", "check", "--json", ...DEPLOYED]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toContainEqual({
      ...{ name: "BOT_TOKEN", parameter: "/vesper/Test/BOT_TOKEN", present: false, allowed: null },
    });
    expect(stderr).toBe(
      "vesper: 1 of 4 missing: aws ssm put-parameter --region eu-west-1 --type SecureString " +
        "--name /vesper/Test/BOT_TOKEN --value …\n",
    );
  });

  /** Values of which each is wrong in its place; none may show. */
  const WRONG = {
    HTTP_SIGNING_SECRET: "whsec_planted, cut",
    BOT_TOKEN: "planted-without-an-id",
    BOT_SECRET: "planted with blanks",
    CRM_SECRET: "planted-key-of-another-kind",
  };

  it.each([
    ["here", []],
    ["deployed", DEPLOYED],
  ])("fails at a secret of another form, names the form, and shows no value; so does doctor: %s", async (_, target) => {
    const before = readFileSync(cliHarness.folder.envPath, "utf8");
    const lines = Object.entries(WRONG).map(([name, value]) => `${name}="${value}"\n`);
    writeFileSync(cliHarness.folder.envPath, lines.join(""));
    for (const [name, value] of Object.entries(WRONG)) cliHarness.aws.parameters.set(`/vesper/Test/${name}`, value);

    const check = await cliHarness.cli(["secrets", "check", ...target]);
    const json = await cliHarness.cli(["secrets", "check", "--json", ...target]);
    const doctor = await cliHarness.cli(["doctor", ...target]);
    writeFileSync(cliHarness.folder.envPath, before);

    expect([check.code, json.code, doctor.code]).toEqual([1, 1, 1]);
    expect(check.stdout).toMatch(/^BOT_TOKEN +wrong form +\/vesper\/Test\/BOT_TOKEN$/m);
    for (const text of [check.stderr, doctor.stdout.replace(/\n.*/s, (rest) => rest)]) {
      expect(text).toContain('BOT_TOKEN is not a bot token such as "123456:ABC-DEF"');
      expect(text).toContain('BOT_SECRET is not 1 to 256 letters, digits, "_" and "-"');
      expect(text).toContain('CRM_SECRET is not "whsec_" and 24 to 64 bytes in base64');
      expect(text).toContain("HTTP_SIGNING_SECRET is not");
    }
    expect(doctor.stdout).toMatch(/^FAIL {2}secrets /m);
    expect(check.stderr).toContain(target.length > 0 ? "put-parameter --overwrite --region" : "into .env");
    expect(JSON.parse(json.stdout)).toContainEqual({
      ...{ name: "BOT_TOKEN", parameter: "/vesper/Test/BOT_TOKEN", present: true },
      allowed: 'a bot token such as "123456:ABC-DEF"',
    });
    for (const { stdout, stderr } of [check, json, doctor]) expect(stdout + stderr).not.toContain("planted");
  });

  it("takes a value with white space around it without that, and one of nothing else for none", async () => {
    const token = cliHarness.harness.bot.token;
    cliHarness.aws.parameters.set("/vesper/Test/BOT_TOKEN", ` ${token}\r\n`).set("/vesper/Test/BOT_SECRET", " \n");
    const { stdout } = await cliHarness.cli(["secrets", "check", ...DEPLOYED]);
    expect(stdout).toMatch(/^BOT_TOKEN +present /m);
    expect(stdout).toMatch(/^BOT_SECRET +missing /m);
  });

  it("counts an empty line of .env as missing", async () => {
    writeFileSync(cliHarness.folder.envPath, "BOT_TOKEN=\nBOT_SECRET=planted\nCRM_SECRET=x\nHTTP_SIGNING_SECRET=x\n");
    expect(await cliHarness.cli(["secrets", "check"])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("write BOT_TOKEN into .env") },
    });
  });
});

it("asks for ten secrets at a time, which is all that SSM takes", async () => {
  await using fake = await startAwsFake().then((aws) => ({ ...aws, [Symbol.asyncDispose]: aws.close }));
  fake.parameters.set("/p/S_10", "planted");
  const credentials = { accessKeyId: "AKIDVESPERTEST", secretAccessKey: "x" };
  const client = new SSMClient({ endpoint: fake.url, region: REGION, credentials });
  const names = Array.from({ length: 21 }, (_, index) => ({ secret: `S_${index}` }));
  const found = await findSecrets({ client, prefix: "/p" }, names);
  expect(found).toHaveLength(21);
  expect(found.filter(({ present }) => present)).toEqual([
    { name: "S_10", parameter: "/p/S_10", present: true, allowed: null },
  ]);
});

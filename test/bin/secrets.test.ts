import { writeFileSync } from "node:fs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findSecrets } from "../../lib/operator/findSecrets.ts";
import { startAwsFake } from "./awsFake.ts";
import { DEPLOYED, REGION, type Stand, startStand } from "./stand.ts";

describe("vesper secrets check", () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await startStand();
  });
  afterEach(() => stand.reset());
  afterAll(() => stand.stop());

  it.each([
    ["here", []],
    ["deployed", DEPLOYED],
  ])("says that all are there: %s", async (_, target) => {
    const { code, stdout, stderr } = await stand.cli(["secrets", "check", ...target]);
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
    stand.aws.parameters.delete("/vesper/Test/BOT_TOKEN");
    const { code, stdout, stderr } = await stand.cli(["secrets", "check", "--json", ...DEPLOYED]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toContainEqual({
      ...{ name: "BOT_TOKEN", parameter: "/vesper/Test/BOT_TOKEN", present: false },
    });
    expect(stderr).toBe(
      "vesper: 1 of 4 missing: aws ssm put-parameter --region eu-west-1 --type SecureString " +
        "--name /vesper/Test/BOT_TOKEN --value …\n",
    );
  });

  it("does not ask for the values to be decrypted", async () => {
    const before = stand.aws.requests.length;
    await stand.cli(["secrets", "check", ...DEPLOYED]);
    const calls = stand.aws.requests.slice(before).filter(({ headers }) => headers["x-amz-target"]);
    expect(calls.map(({ body }) => JSON.parse(body).WithDecryption)).toEqual([false]);
  });

  it("counts an empty line of .env as missing", async () => {
    writeFileSync(stand.folder.envPath, "BOT_TOKEN=\nBOT_SECRET=planted\nCRM_SECRET=x\nHTTP_SIGNING_SECRET=x\n");
    expect(await stand.cli(["secrets", "check"])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining("write BOT_TOKEN into .env") },
    });
  });
});

it("asks for ten at a time, which is all that SSM takes", async () => {
  await using fake = await startAwsFake().then((aws) => ({ ...aws, [Symbol.asyncDispose]: aws.close }));
  fake.parameters.set("/p/S_10", "planted");
  const credentials = { accessKeyId: "AKIDVESPERTEST", secretAccessKey: "x" };
  const client = new SSMClient({ endpoint: fake.url, region: REGION, credentials });
  const names = Array.from({ length: 21 }, (_, index) => `S_${index}`);
  const found = await findSecrets({ client, prefix: "/p" }, names);
  expect(found).toHaveLength(21);
  expect(found.filter(({ present }) => present)).toEqual([{ name: "S_10", parameter: "/p/S_10", present: true }]);
});

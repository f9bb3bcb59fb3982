import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { synthesize } from "../../cdk/synthesize.ts";
import { defineConfig } from "../../lib/index.ts";
import { CONFIG_PATH, config, gatewayStack } from "./gatewayTemplate.ts";

const ROOT = join(import.meta.dirname, "../..");
const templateSchema = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string() })),
  Outputs: v.record(v.string(), v.unknown()),
});

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-synth-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("synthesize", () => {
  it("makes the template in well under a second, so that the local runner can use it at each start", () => {
    synthesize({ stackName: "Test", configPath: CONFIG_PATH });

    const before = performance.now();
    synthesize({ stackName: "Test", configPath: CONFIG_PATH });

    // 50 ms on two shared cores once aws-cdk-lib is loaded, which takes 250 ms.
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("never renames what holds data, as another logical id is another, empty, table or queue", () => {
    const { Resources } = v.parse(templateSchema, synthesize({ stackName: "Test", configPath: CONFIG_PATH }));

    const stateful = Object.entries(Resources).filter(([, { Type }]) =>
      ["AWS::DynamoDB::Table", "AWS::SQS::Queue"].includes(Type),
    );
    expect(stateful.map(([id]) => id).sort()).toEqual([
      "GatewayExpiryStreamFailuresQueue112FE2AA",
      "GatewayExpiryVisitQueueD3C7612C",
      "GatewayInboundDeadLetterQueue52E3B7E6",
      "GatewayInboundQueue08AA336B",
      "GatewaySessionEndDeadLetterQueue6E5E0795",
      "GatewaySessionEndQueuebuiltinE31EE3D9",
      "GatewayTable3B1A7383",
    ]);
  });

  it("tells the operator's tools where everything is", () => {
    const { Outputs } = v.parse(templateSchema, synthesize({ stackName: "Test", configPath: CONFIG_PATH }));

    expect(Object.keys(Outputs).sort()).toEqual([
      "AlarmTopicArn",
      "ExpiryFunctionName",
      "InboundDlqUrl",
      "InboundQueueUrl",
      "MessageFunctionName",
      "RetentionScheduleName",
      "SessionEndDlqUrl",
      "SessionEndFunctionName",
      "SessionEndQueue1",
      "StreamFailuresQueueUrl",
      "SweepScheduleName",
      "TableName",
      "VisitQueueUrl",
      "WebhookFunctionName",
      "WebhookUrl",
    ]);
  });

  it("refuses a copy of a config, and props with one", () => {
    const copy = join(folder, "copy.config.ts");
    const made = "defineConfig({ platforms: {} })";
    writeFileSync(copy, `import { defineConfig } from "${ROOT}/lib/index.ts"; export default { ...${made} };`);

    expect(() => synthesize({ stackName: "Test", configPath: copy })).toThrow(/must end in "export default/);
    expect(() => gatewayStack({ config: { ...config } })).toThrow(/must end in "export default/);
  });

  it("warns of a limit that no clock can obey", () => {
    const short = defineConfig({ platforms: {}, sessions: { default: { idle: "10s" } } });

    const warnings = Annotations.fromStack(gatewayStack({ config: short })).findWarning("*", Match.anyValue());

    expect(warnings.map(({ entry }) => entry.data)).toContainEqual(
      expect.stringMatching(/^sessions\.default\.idle: 10s is less than the 62s /),
    );
  });

  it("refuses a config that is wrong, or none", () => {
    const wrong = join(folder, "wrong.config.ts");
    const none = join(folder, "none.config.ts");
    writeFileSync(
      wrong,
      `import { defineConfig } from "${ROOT}/lib/index.ts"; export default defineConfig({ platform: {} });`,
    );
    writeFileSync(none, "export default {};");

    expect(() => synthesize({ stackName: "Test", configPath: wrong })).toThrow(/unknown "platform"/);
    expect(() => synthesize({ stackName: "Test", configPath: none })).toThrow(
      /must end in "export default defineConfig/,
    );
  });
});

describe("cdk synth", () => {
  it.each([
    ["wrong", (made: string) => `export default ${made.replace("platforms", "platform")};`, 'unknown "platform"'],
    ["no TypeScript", () => "export default {,\n};", ":2:17"],
    ["a copy", (made: string) => `export default { ...${made} };`, 'must end in "export default defineConfig'],
  ])("fails at a config that is %s, with what is wrong and no stack", { timeout: 60_000 }, (name, text, words) => {
    const path = join(folder, `${name.replace(/\W/g, "-")}.synth.config.ts`);
    const library = `import { defineConfig } from "${ROOT}/lib/index.ts";`;
    writeFileSync(path, `${library}\n${text("defineConfig({ platforms: {} })")}`);

    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "cdk/app.ts")], {
      ...{ cwd: ROOT, encoding: "utf8" },
      env: { ...process.env, VESPER_CONFIG: path },
    });

    expect(status).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it("works offline and without credentials, and keeps the source maps out of the packages", {
    timeout: 60_000,
  }, () => {
    const { PATH = "", HOME = "" } = process.env;

    execFileSync(join(ROOT, "node_modules/.bin/cdk"), ["synth", "-q", "-o", folder], {
      cwd: ROOT,
      // No address of AWS can be reached, and there is no account.
      env: {
        PATH,
        HOME,
        AWS_EC2_METADATA_DISABLED: "true",
        HTTPS_PROXY: "http://127.0.0.1:9",
        AWS_CONFIG_FILE: "/none",
      },
      stdio: "pipe",
    });

    const assets = readdirSync(folder).filter((name) => name.startsWith("asset."));
    expect(assets.map((name) => readdirSync(join(folder, name)))).toEqual([1, 2, 3, 4].map(() => ["index.js"]));
    expect(readdirSync(join(folder, "source-maps")).sort()).toEqual(
      ["expiry", "message", "session-end", "webhook"].map((name) => `${name}.js.map`),
    );
  });
});

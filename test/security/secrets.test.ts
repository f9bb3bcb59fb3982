import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSsm } from "../../emulators/ssm/startSsm.ts";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AdapterServices } from "../../lib/adapter/AdapterServices.ts";
import type { Agent } from "../../lib/adapter/Agent.ts";
import { responseError } from "../../lib/adapter/http/responseError.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { type SecretRef, secretSchema, urlSchema } from "../../lib/adapter/options.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { agentInput } from "../../lib/adapter/testing/AgentFixture.ts";
import { defineConfig, secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { servicesFromEnvironment } from "../../lib/services/environment.ts";
import { folderWithSecrets } from "../cli/cli.ts";
import { runHere } from "../cli/runHere.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { importing } from "../harness/importing.ts";
import { plantedSecret } from "../harness/plantedSecret.ts";
import { allRows } from "../harness/rows.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { type EchoServer, startEchoServer } from "./echoServer.ts";

/** A provider of the kind that most are: a key in a header, and the answer as the error. */
const keyed = defineAdapter(
  "memory",
  "keyed",
  strictFields({ url: urlSchema, key: secretSchema }),
  ({ url, key }, { http: client, secrets, clock }): MemoryProvider => ({
    capabilities: { idempotency: "upsert" },
    async onSessionEnd(session, { timeout, signal }) {
      const value = await secrets.get(key);
      const response = await client.send({
        ...{ url: `${url}/sessions?key=${encodeURIComponent(value)}`, method: "PUT", timeout, signal },
        headers: { authorization: `Bearer ${value}` },
        body: JSON.stringify({ session: session.session, key: value }),
      });
      if (response.status >= 300) throw responseError(url, response, clock.now());
      return { id: response.headers["x-echo"] ?? "", status: response.status, body: response.text };
    },
    async recall() {
      throw new Error(`can't recall with ${await secrets.get(key)}`);
    },
  }),
);

/** Careless code: what it knows stands in its errors. */
const makeCareless = ({ key }: { readonly key: SecretRef }, { secrets }: AdapterServices) => {
  const fail = async () => {
    const value = await secrets.get(key);
    throw new TypeError(`can't log in with ${value}`, { cause: new Error(`"${JSON.stringify({ value })}"`) });
  };
  return {
    capabilities: { idempotency: "none" },
    onSessionEnd: fail,
    reply: fail,
  } satisfies MemoryProvider & Agent;
};

const keySchema = strictFields({ key: secretSchema });

const careless = defineAdapter("memory", "careless", keySchema, makeCareless);

const carelessAgent = defineAdapter("agent", "careless", keySchema, makeCareless);

describe("a secret", () => {
  let harness: GatewayHarness;
  let echo: EchoServer;
  beforeEach(async () => {
    [harness, echo] = await Promise.all([startGatewayHarness(), startEchoServer()]);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all([harness.stop(), echo.close()]);
  });

  it("T11 stands in no log, row, queue or answer and not on the terminal, whatever fails and whoever repeats it", async () => {
    const said: string[] = [];
    const say = async (text: string) => said.push(JSON.stringify(await harness.say(text)));
    const platforms = {
      http: http({ secret: secret("HTTP_SECRET"), replyUrl: `${echo.url}/replies` }),
      telegram: telegram({ token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET"), apiBase: echo.url }),
    };
    const memory = {
      crm: webhook({ url: `${echo.url}/crm`, secret: secret("ECHOED_SECRET") }),
      keyed: keyed({ url: echo.url, key: secret("API_KEY") }),
      careless: careless({ key: secret("CARELESS_KEY") }),
    };
    harness.deploy({ platforms, memory, hooks: { retry: ["10s", "20s"] } });
    for (const status of [500, 401, 400, 404, 429, 308, 200]) {
      echo.status = status;
      await say("hello");
      await say("/reset");
      said.push(JSON.stringify(await harness.post("telegram", JSON.stringify(updateOf({}, status)), SECRET_HEADERS)));
      await harness.settle();
      await harness.recover();
    }
    harness.deploy({ platforms, memory, agent: carelessAgent({ key: secret("AGENT_KEY") }) });
    await say("hello again");
    await harness.recover();
    said.push(JSON.stringify(await harness.post("http", "{}", { "webhook-signature": `v1,${TEST_SECRET}` })));
    said.push(JSON.stringify(await harness.post("telegram", "{", SECRET_HEADERS)));
    expect(echo.requests).toBeGreaterThan(20);

    const rows = await allRows(harness);
    expect(JSON.stringify(rows).split("<secret>").length).toBeGreaterThan(100);
    hasNone("rows", JSON.stringify(rows));
    expect(harness.lines.join().includes("can't log in with <secret>")).toBe(true);
    hasNone("lines", harness.lines.join("\n"));
    hasNone("answers", said.join("\n"));
    hasNone("queues", JSON.stringify(await queued()));
    hasNone("terminal", await everyCommand());
  });

  it("does not reach the log of a function as it is deployed", async () => {
    const ssm = await startSsm({ parameters: () => new Map([["/vesper/Test/API_KEY", "plain-key/with+signs=="]]) });
    const environment = {
      ...{ TABLE_NAME: "t", SECRETS_PREFIX: "/vesper/Test", AWS_REGION: "us-east-1" },
      ...{ AWS_ENDPOINT_URL_SSM: ssm.endpoint, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" },
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const lines: string[] = [];
    const stdout = vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    try {
      const config = defineConfig({ platforms: {}, agent: carelessAgent({ key: secret("API_KEY") }) });
      const services = servicesFromEnvironment(config, "message");
      const error = await services
        .agent()
        .reply(agentInput({ signal: AbortSignal.timeout(1_000) }))
        .catch((thrown: unknown) => thrown);
      services.log.error("turn.failed", error);
      // The key lies across the cut.
      services.log.error("turn.failed", new Error(`${"x".repeat(985)}plain-key/with+signs==`));
    } finally {
      stdout.mockRestore();
      await ssm.close();
    }
    expect(lines.join()).toContain("turn.failed");
    expect(lines.join()).not.toContain("plain-key");
  });

  async function queued(): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    const { inbound, inboundDead, sessionEnd, sessionEndDead } = harness.wiring.queues;
    harness.advance("1d");
    for (const QueueUrl of [inbound, inboundDead, ...Object.values(sessionEnd), sessionEndDead]) {
      for (;;) {
        const { Messages = [] } = await harness.operatorQueues.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
        );
        if (Messages.length === 0) break;
        found.push(...Messages);
      }
    }
    expect(found.length).toBeGreaterThan(0);
    return found;
  }

  /** What the commands print of this world, the platforms' own words included. */
  async function everyCommand(): Promise<string> {
    const config = `
      ${importing("defineConfig", "http", "secret", "telegram", "webhook")}
      export default defineConfig({
        platforms: {
          http: http({ secret: secret("HTTP_SIGNING_SECRET") }),
          telegram: telegram({ token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET"), apiBase: "${echo.url}" }),
        },
        memory: { crm: webhook({ url: "${echo.url}", secret: secret("CRM_SECRET") }) },
      });`;
    const env = [`HTTP_SIGNING_SECRET=${TEST_SECRET}`, `BOT_TOKEN=${harness.bot.token}`, `BOT_SECRET=${BOT_SECRET}`];
    await using folder = await folderWithSecrets(harness, { config, url: echo.url, env: `${env.join("\n")}\n` });
    vi.stubEnv("VESPER_DATA", folder.dataPath);
    const [{ session }] = JSON.parse((await run(folder.dataPath, ["hooks", "ls", "--json"])).stdout);
    let printed = "";
    for (const status of [200, 401, 500]) {
      echo.status = status;
      for (const args of [
        ["sessions", "ls"],
        ["sessions", "ls", "--json"],
        ["sessions", "show", session],
        ["sessions", "show", session, "--json"],
        ["hooks", "ls", "--limit", "1000"],
        ["hooks", "show", session],
        ["hooks", "show", session, "--json"],
        ["hooks", "redrive", "--all", "--dry-run"],
        ["secrets", "check"],
        ["webhooks", "set"],
        ["webhooks", "set", "--json"],
        ["doctor", "--url", "https://example.com/webhooks"],
        ["say", "hello", "--wait", "10ms"],
      ]) {
        const { stdout, stderr } = await run(folder.dataPath, args);
        expect(stderr, args.join(" ")).not.toContain("this is a bug");
        printed += `${stdout}${stderr}\n`;
      }
    }
    expect(printed.includes("<secret>")).toBe(true);
    return printed;
  }

  function run(dataPath: string, args: readonly string[]) {
    return runHere(args, { env: { VESPER_DATA: dataPath }, clock: harness.clock });
  }

  /** In plain, in capitals, in base64, in addresses: in no form. */
  function hasNone(where: string, text: string): void {
    const own = ["BOT_SECRET", "ECHOED_SECRET", "API_KEY", "CARELESS_KEY", "AGENT_KEY"].map(plantedSecret);
    const labelled = [TEST_SECRET, harness.bot.token, BOT_SECRET, ...own];
    for (const planted of [...labelled, ...labelled.map((text) => text.replace(/^whsec_/, ""))]) {
      const packed = ["", "x", "xx"].map((before) =>
        Buffer.from(before + planted)
          .toString("base64")
          .slice(4, -4),
      );
      for (const form of [planted, encodeURIComponent(planted), ...packed]) {
        const at = text.toLowerCase().indexOf(form.toLowerCase());
        expect(at < 0 ? "" : `${where}: …${text.slice(Math.max(0, at - 80), at + 80)}…`).toBe("");
      }
    }
  }
});

const BOT_SECRET = "secret_TOKEN-planted-in_the_env";

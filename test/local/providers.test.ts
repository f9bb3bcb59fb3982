import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalGateway, startLocal } from "../../local/startLocal.ts";
import { importing } from "../harness/importing.ts";
import { startWebhookReceiver, TEST_SECRET, type WebhookReceiver } from "../harness/webhookReceiver.ts";

/** Sessions that end while the provider hangs: three for each of its four threads, which so hang for a minute and a half. */
const CROWD = 12;

describe("a gateway on this machine with two memory providers, one of which hangs for 30 s a call", () => {
  let folder: string;
  let gateway: LocalGateway;
  let crm: WebhookReceiver;
  let table: DynamoDBDocumentClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "vesper-providers-"));
    crm = await startWebhookReceiver();
    crm.setMode("hang");
    const configPath = join(folder, "vesper.config.ts");
    writeFileSync(
      configPath,
      `${importing("builtin", "defineConfig", "http", "none", "secret", "webhook")}
      export default defineConfig({
        agent: none(),
        platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
        memory: { crm: webhook({ url: "${crm.url}", secret: secret("CRM_SECRET") }), builtin: builtin() },
        hooks: { timeout: "30s" },
      });`,
    );
    writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${TEST_SECRET}\nCRM_SECRET=${TEST_SECRET}\n`);
    gateway = await startLocal({ port: 0, dataPath: join(folder, "data"), configPath });
    const { region, endpoints, credentials } = gateway.stack;
    table = DynamoDBDocumentClient.from(new DynamoDBClient({ region, credentials, endpoint: endpoints.dynamodb }));
  }, 60_000);
  afterAll(async () => {
    table.destroy();
    await gateway.stop();
    await crm.close();
    rmSync(folder, { recursive: true });
  });

  async function say(conversation: string, text: string): Promise<void> {
    const body = JSON.stringify({ conversation, user: { id: conversation }, text, sentAt: Date.now() });
    const id = `${conversation}-${text}`;
    const response = await fetch(`${gateway.url}/webhooks/http`, {
      method: "POST",
      headers: {
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
        "webhook-signature": new Webhook(TEST_SECRET).sign(id, new Date(), body),
      },
      body,
    });
    expect(response.status).toBe(202);
  }

  /** The status of each hook of a provider, by the chat; sessions without a turn are left out. */
  async function hooks(provider: string): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for await (const { Items = [] } of paginateScan({ client: table }, { TableName: gateway.stack.tableName })) {
      for (const { sk, conversation, status, skipped } of Items) {
        if (sk === `HOOK#${provider}` && skipped === undefined) found.set(conversation, status);
      }
    }
    return found;
  }

  it("delivers to the other one all the while, and a session that ends last within seconds", async () => {
    const chats = Array.from({ length: CROWD }, (_, index) => `chat-${index}`);
    for (const chat of chats) await say(chat, "hello");
    for (const chat of chats) await say(chat, "/reset");
    // All ended, and every thread that the provider may have hangs.
    await expect.poll(async () => (await hooks("crm")).size, { timeout: 90_000, interval: 200 }).toBe(CROWD);
    await expect.poll(() => crm.requests.length, { timeout: 60_000 }).toBe(4);

    await say("last", "hello");
    await say("last", "/reset");

    const last = async () => [...(await hooks("builtin"))].find(([chat]) => chat.includes("last"))?.[1];
    // A second or two on an idle machine; with threads that both share more than a minute.
    await expect.poll(last, { timeout: 20_000, interval: 100 }).toBe("delivered");
    expect([...(await hooks("crm")).values()]).toEqual(Array.from({ length: CROWD + 1 }, () => "pending"));
  }, 180_000);
});

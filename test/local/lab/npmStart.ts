import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, paginateScan } from "@aws-sdk/lib-dynamodb";
import { Webhook } from "standardwebhooks";
import type { StackFile } from "../../../lib/operator/gateway/stackFile.ts";
import { importing } from "../../harness/importing.ts";
import { TEST_SECRET } from "../../harness/webhookReceiver.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Two hours idle; a failed hook waits for an hour. */
const CONFIG = `
${importing("builtin", "defineConfig", "echo", "http", "secret")}
export default defineConfig({
  agent: echo(),
  platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
  memory: { builtin: builtin() },
  sessions: { default: { idle: "2h" } },
  hooks: { retry: ["1h", "1h"], timeout: "2s" },
});`;

/** `npm start` in a process of its own, as its clock is moved. @param config the text of another config */
export function npmStart(config = CONFIG) {
  const folder = mkdtempSync(join(tmpdir(), "vesper-lab-"));
  const dataPath = join(folder, "data");
  const configPath = join(folder, "vesper.config.ts");
  writeFileSync(configPath, config);
  writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${TEST_SECRET}\n`);
  let running: ChildProcess | undefined;
  const stack = (): StackFile => JSON.parse(readFileSync(join(dataPath, "stack.json"), "utf8"));
  const services = () => {
    const { region, endpoints, credentials, tableName } = stack();
    const database = new DynamoDBClient({ region, credentials, endpoint: endpoints.dynamodb });
    return { client: DynamoDBDocumentClient.from(database), name: tableName };
  };

  return {
    dataPath,
    stack,
    table: services,
    sqs() {
      const { region, endpoints, credentials } = stack();
      return new SQSClient({ region, credentials, endpoint: endpoints.sqs });
    },
    /** The gateway's own time. */
    clock: {
      now: () => Date.now() + stack().clockOffset,
      until: (time: number) =>
        new Promise<void>((resolve) => {
          setTimeout(resolve, Math.max(0, time - Date.now() - stack().clockOffset));
        }),
    },
    /** Starts it. @returns what it says */
    async start(): Promise<string> {
      const child = spawn(process.execPath, [join(ROOT, "bin/start.js")], {
        cwd: folder,
        env: {
          ...process.env,
          VESPER_PORT: "0",
          VESPER_CONSOLE_PORT: "0",
          VESPER_DATA: dataPath,
          VESPER_CONFIG: configPath,
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      running = child;
      const { stdout } = child;
      const ended = once(child, "exit");
      let text = "";
      const isUp = new Promise<void>((resolve) => {
        stdout.on("data", (chunk) => {
          text += chunk;
          if (text.includes("Ctrl-C stops")) resolve();
        });
      });
      await Promise.race([isUp, ended]);
      return text;
    },
    /** Posts a message that is written at this time. @returns the status */
    async say(conversation: string, text: string, at: number): Promise<number> {
      const body = JSON.stringify({ conversation, user: { id: "ann" }, text, sentAt: at });
      const id = `${conversation}-${randomUUID()}`;
      const response = await fetch(`${stack().url}/webhooks/http`, {
        method: "POST",
        headers: {
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(at / 1000)),
          "webhook-signature": new Webhook(TEST_SECRET).sign(id, new Date(at), body),
        },
        body,
      });
      return response.status;
    },
    /** Every row whose sort key begins so, oldest first. */
    // biome-ignore lint/suspicious/noExplicitAny: tests look into them with expect
    async rows(begins: string): Promise<any[]> {
      const table = services();
      const rows = [];
      for await (const { Items = [] } of paginateScan({ client: table.client }, { TableName: table.name })) {
        rows.push(...Items.filter(({ sk }) => String(sk).startsWith(begins)));
      }
      table.client.destroy();
      return rows.sort((a, b) => (`${a.pk}${a.sk}` < `${b.pk}${b.sk}` ? -1 : 1));
    },
    async stop(): Promise<void> {
      if (!running || running.exitCode !== null) return;
      running.kill("SIGTERM");
      await once(running, "exit");
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

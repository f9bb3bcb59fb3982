import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { StackFile } from "../../lib/operator/gateway/stackFile.ts";
import type { Table } from "../../lib/services/Services.ts";
import { importing } from "../harness/importing.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { launch } from "./chromium.ts";

const ROOT = join(import.meta.dirname, "../..");

/** How one looks at the page. */
interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
}

/** Writes into the table's folder, while nothing runs on it. */
type Seed = (folder: string, tableName: string) => Promise<void>;

/**
 * `npm start` in a process of its own with a receiver of webhooks, and a browser that has opened its link.
 *
 * @param seed what is in the table before
 */
export async function startStage(receiver: string, seed?: Seed) {
  const folder = mkdtempSync(join(tmpdir(), "vesper-page-"));
  const dataPath = join(folder, "data");
  const configPath = join(folder, "vesper.config.ts");
  writeFileSync(
    configPath,
    `${importing("builtin", "defineConfig", "echo", "http", "secret", "webhook")}
    export default defineConfig({
      agent: echo(),
      platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
      memory: { builtin: builtin(), crm: webhook({ url: ${JSON.stringify(receiver)}, secret: secret("CRM_SECRET") }) },
      sessions: { default: { idle: "24h" } },
    });`,
  );
  writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${TEST_SECRET}\nCRM_SECRET=${TEST_SECRET}\n`);
  const settings = { VESPER_PORT: "0", VESPER_CONSOLE_PORT: "0", VESPER_DATA: dataPath, VESPER_CONFIG: configPath };
  const start = () => npmStart(folder, settings);
  const readStack = (): StackFile => JSON.parse(readFileSync(join(dataPath, "stack.json"), "utf8"));
  if (seed) {
    // The first start makes the table.
    const { child } = await start();
    const { tableName } = readStack();
    await stop(child);
    await seed(join(dataPath, "dynamodb"), tableName);
  }
  const { child, link } = await start();
  const { region, endpoints, credentials, tableName } = readStack();
  const database = new DynamoDBClient({ region, credentials, endpoint: endpoints.dynamodb });
  const table: Table = { client: DynamoDBDocumentClient.from(database), name: tableName };
  const browser = await launch();
  const opened = await browser.newContext();
  const first = await opened.newPage();
  await first.goto(link);
  await first.getByRole("heading", { level: 1 }).waitFor();
  const storageState = await opened.storageState();
  const { origin } = new URL(link);

  return {
    link,
    origin,
    table,
    /** A tab of the browser that opened the link, at a place of the page. Errors of the page fail the test. */
    async visit(path: string, { width = 1440, height = 900, scheme = "light" }: Look = {}) {
      const context = await browser.newContext({
        ...{ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce" as const },
        ...{ storageState, baseURL: origin, timezoneId: "UTC", locale: "en-GB" },
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      return { page, problems };
    },
    /** A browser that has never seen the link. */
    strange: async () => (await browser.newContext({ baseURL: origin })).newPage(),
    /** Closes every tab: each follows what happens and asks anew for what it shows, and ten of them slow the next test down. */
    async closeTabs() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async stop() {
      await browser.close();
      table.client.destroy();
      database.destroy();
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the page is there. */
async function npmStart(folder: string, settings: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(ROOT, "bin/start.js")], {
    cwd: folder,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const link = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = /http:\S+#token=\S+/.exec(said)?.[0];
      if (found) resolve(found);
    });
    child.once("exit", () => reject(new Error(`npm start ended: ${said}`)));
  });
  return { child, link };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  if (child.exitCode === null) await ended;
}

export type Stage = Awaited<ReturnType<typeof startStage>>;

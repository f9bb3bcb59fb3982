import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ssm, startSsm } from "../../emulators/ssm/startSsm.ts";
import { writeStackFile } from "../../local/files/stackFile.ts";
import { readEnvFile } from "../../local/secrets/readEnvFile.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";
import { importing } from "../harness/importing.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** What a run of the CLI left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes the preceding `node` believe that it is older than it is. */
export const OLD_NODE = [
  "--import",
  `data:text/javascript,${encodeURIComponent(
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });',
  )}`,
];

/** Where a gateway says that it runs, beside the world's own table and queues. */
export interface FolderOptions {
  readonly url?: string;
  /** The config's text; `ROOT` stands for the repository. */
  readonly config?: string;
  readonly ssm?: string;
  /** The lines of `.env`. */
  readonly env?: string;
}

/** A folder for `VESPER_DATA`, with what `npm start` would leave there for a gateway. */
export function dataFolder(harness?: GatewayHarness, options: FolderOptions = {}) {
  const { url = "http://127.0.0.1:9", config = CONFIG, ssm = "http://127.0.0.1:9" } = options;
  const dataPath = mkdtempSync(join(tmpdir(), "vesper-bin-"));
  const configPath = join(dataPath, "vesper.config.ts");
  const envPath = join(dataPath, ".env");
  writeFileSync(configPath, config.replaceAll("ROOT", ROOT));
  writeFileSync(envPath, options.env ?? `HTTP_SIGNING_SECRET=${TEST_SECRET}\n`);
  if (harness) {
    const { inbound, inboundDead, sessionEnd, sessionEndDead } = harness.wiring.queues;
    writeStackFile({
      ...{ pid: process.pid, stackName: "Test", port: 0, url, region: "us-east-1", outputs: {} },
      endpoints: { ...harness.endpoints, ssm },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      tableName: harness.wiring.tableName,
      queueUrls: {
        inbound,
        inboundDlqMessage: inboundDead,
        sessionEnd,
        sessionEndDlqMessage: sessionEndDead,
        // The world does not name it; any queue that stays empty does.
        streamFailures: inboundDead,
      },
      ...{ clockOffset: 0, secretsPrefix: "/vesper/Test", configPath, envPath, dataPath },
    });
  }
  return { dataPath, configPath, envPath, [Symbol.dispose]: () => rmSync(dataPath, { recursive: true }) };
}

/** The same with a parameter store that serves the folder's `.env`, as `npm start` does. */
export async function folderWithSecrets(harness: GatewayHarness, options: FolderOptions = {}) {
  let envPath = "";
  const parameters = () => new Map([...readEnvFile(envPath)].map(([name, value]) => [`/vesper/Test/${name}`, value]));
  const ssm: Ssm = await startSsm({ parameters });
  const folder = dataFolder(harness, { ...options, ssm: ssm.endpoint });
  envPath = folder.envPath;
  return {
    ...folder,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await ssm.close();
    },
  };
}

const CONFIG = `
${importing("defineConfig", "http", "secret")}
export default defineConfig({ platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) } });
`;

/** Starts the CLI. Its output is complete only when every process that has it is gone. */
export function startCli(
  dataPath: string,
  args: readonly string[],
  nodeArgs: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, [...nodeArgs, join(ROOT, "bin/vesper.js"), ...args], {
    cwd: ROOT,
    // No home: the machine's own AWS profiles are none of the tests'.
    env: { PATH: process.env.PATH, HOME: dataPath, AWS_EC2_METADATA_DISABLED: "true", VESPER_DATA: dataPath, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output.stderr += text;
  });
  const result = new Promise<CliResult>((resolve) => {
    child.on("close", (code) => resolve({ code, ...output }));
  });
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Waits until it has printed that. Fails when it ends without. */
    async says(pattern: RegExp): Promise<string> {
      let isOver = false;
      void result.then(() => {
        isOver = true;
      });
      for (;;) {
        const [found] = pattern.exec(output.stdout) ?? [];
        if (found !== undefined) return found;
        if (isOver) throw new Error(`it has ended, and said ${output.stdout}${output.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    result,
  };
}

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeStackFile } from "../../local/StackFile.ts";
import { TEST_SECRET } from "../fakes/webhookReceiver.ts";
import type { World } from "../world/World.ts";

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

/** A folder for `VESPER_DATA`, with what `npm start` would leave there for a gateway at `url`. */
export function dataFolder(world?: World, url = "http://127.0.0.1:9", config = CONFIG) {
  const dataPath = mkdtempSync(join(tmpdir(), "vesper-bin-"));
  const configPath = join(dataPath, "vesper.config.ts");
  const envPath = join(dataPath, ".env");
  writeFileSync(configPath, config.replaceAll("ROOT", ROOT));
  writeFileSync(envPath, `HTTP_SIGNING_SECRET=${TEST_SECRET}\n`);
  if (world) {
    const { inbound, inboundDead, sessionEnd, sessionEndDead } = world.wiring.queues;
    writeStackFile({
      ...{ pid: process.pid, stackName: "Test", port: 0, url, region: "us-east-1", outputs: {} },
      endpoints: { ...world.endpoints, ssm: "" },
      tableName: world.wiring.tableName,
      queueUrls: {
        inbound,
        inboundDeadLetter: inboundDead,
        sessionEnd,
        sessionEndDeadLetter: sessionEndDead,
        streamFailures: "",
      },
      ...{ secretsPrefix: "/vesper/Test", configPath, envPath, dataPath },
    });
  }
  return { dataPath, envPath, [Symbol.dispose]: () => rmSync(dataPath, { recursive: true }) };
}

const CONFIG = `
import { defineConfig, http, secret } from "ROOTlib/index.ts";
export default defineConfig({ platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) } });
`;

/** Starts the CLI. Its output is complete only when every process that has it is gone. */
export function startCli(dataPath: string, args: readonly string[], nodeArgs: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeArgs, join(ROOT, "bin/vesper.js"), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, VESPER_DATA: dataPath },
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
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), result };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { importing } from "../../../test/harness/importing.ts";
import { TEST_SECRET } from "../../../test/harness/webhookReceiver.ts";

const root = resolve(import.meta.dirname, "../../..");

/** A gateway on this machine, in a process of its own. */
export interface RunningGateway {
  readonly dataPath: string;
  readonly configPath: string;
  /** The link to the operators' page. */
  readonly link: string;
  stop(): Promise<void>;
}

/** Starts the whole gateway as `npm start` does, in a folder that is deleted with it. @param receiver where `crm` is */
export async function startGateway(receiver: string): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));
  const [dataPath, configPath] = [join(folder, "data"), join(folder, "vesper.config.ts")];
  writeFileSync(
    configPath,
    `${importing("defineConfig", "echo", "http", "secret", "webhook")}
    export default defineConfig({
      agent: echo(),
      platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET") }) },
      memory: { crm: webhook({ url: ${JSON.stringify(receiver)}, secret: secret("CRM_SECRET") }) },
    });`,
  );
  writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${TEST_SECRET}\nCRM_SECRET=${TEST_SECRET}\n`);
  const settings = { VESPER_PORT: "0", VESPER_CONSOLE_PORT: "0", VESPER_DATA: dataPath, VESPER_CONFIG: configPath };
  const child = spawn(process.execPath, [join(root, "bin/start.js")], {
    cwd: folder,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const link = await new Promise<string>((found, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const [text] = /http:\S+#token=\S+/.exec(said) ?? [];
      if (text !== undefined) found(text);
    });
    child.once("exit", () => reject(new Error(`the gateway ended: ${said}`)));
  });
  return {
    ...{ dataPath, configPath, link },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

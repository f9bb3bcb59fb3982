import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importing } from "../../../test/harness/importing.ts";
import { TEST_SECRET } from "../../../test/harness/webhookReceiver.ts";
import { startStack } from "../startStack.ts";

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
  const configPath = join(folder, "vesper.config.ts");
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
  const stack = await startStack(folder, /http:\S+#token=\S+/);
  return {
    ...{ dataPath: join(folder, "data"), configPath, link: stack.told },
    async stop() {
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

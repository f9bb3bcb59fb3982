import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importing } from "../../test/harness/importing.ts";

/** Where the receivers listen. */
export interface ReceiverUrls {
  readonly provider: string;
  readonly replies: string;
}

/**
 * Writes the soak's `vesper.config.ts` and its `.env`. Short limits everywhere: a direct message's session ends as soon
 * as its last turn's lease is over (62 s), a group's at most 30 s after its start, a thread's by a reset or an operator.
 * The waits between attempts are as many as may be, as each kill under an attempt counts as one.
 *
 * @returns the config's path
 */
export function writeConfig(folder: string, secret: string, { provider, replies }: ReceiverUrls): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "vesper.config.ts");
  writeFileSync(
    path,
    `${importing("builtin", "defineConfig", "echo", "http", "secret", "webhook")}

export default defineConfig({
  agent: echo(),
  platforms: { http: http({ secret: secret("SOAK_SIGNING_SECRET"), replyUrl: ${JSON.stringify(replies)} }) },
  memory: {
    crm: webhook({ url: ${JSON.stringify(provider)}, secret: secret("SOAK_SIGNING_SECRET") }),
    builtin: builtin(),
  },
  sessions: {
    default: { idle: "1s" },
    byChatType: { group: { idle: "1s", maxAge: "30s" }, thread: "none" },
  },
  hooks: { timeout: "2s", retry: [...Array(10).fill("1s"), ...Array(40).fill("5s")] },
});
`,
  );
  writeFileSync(join(folder, ".env"), `SOAK_SIGNING_SECRET=${secret}\n`, { mode: 0o600 });
  return path;
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importing } from "../../test/harness/importing.ts";
import { chatReceiver } from "./localStack/chatReceiver.ts";
import { startStack } from "./localStack/startStack.ts";

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));
const key = Buffer.alloc(32, "bench");
const place = { folder, config: join(folder, "vesper.config.ts"), key };
const receiver = await chatReceiver();
writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=whsec_${key.toString("base64")}\n`, { mode: 0o600 });
writeFileSync(
  place.config,
  `${importing("builtin", "defineConfig", "http", "secret")}
  export default defineConfig({ platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET"), replyUrl: "${receiver.url}" }) }, memory: { builtin: builtin() } });`,
);
for (let i = 0; i < 5; i++) {
  const b = performance.now();
  const t = () => Math.round(performance.now() - b);
  const stack = await startStack(place);
  const up = t();
  const r = receiver.next("first");
  await stack.post("first", `m_${crypto.randomUUID()}`);
  const acc = t();
  await r;
  const rep = t();
  const r2 = receiver.next("first");
  await stack.post("first", `m_${crypto.randomUUID()}`);
  const acc2 = t();
  await r2;
  console.log({ up, acc, rep, acc2, rep2: t() });
  await stack.stop();
}
await receiver.close();

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { chatApi } from "../../../console/server/api/chat.ts";
import { loadConfig } from "../../../lib/config/loadConfig.ts";
import { connect } from "../../../lib/operator/gateway/connect.ts";
import { runHere } from "../../cli/runHere.ts";
import { importing } from "../../harness/importing.ts";
import { npmStart } from "../lab/npmStart.ts";

// Whoever asks the real platform with what is made up here gets no answer.
const CONFIG = `
${importing("builtin", "defineConfig", "echo", "http", "secret", "telegram")}
export default defineConfig({
  agent: echo(),
  platforms: {
    http: http({ secret: secret("HTTP_SIGNING_SECRET") }),
    telegram: telegram({ token: secret("BOT_TOKEN"), apiBase: "http://127.0.0.1:9" }),
  },
  access: { telegram: { others: "answer" } },
  memory: { builtin: builtin() },
});`;

describe("a platform that npm start simulates", () => {
  const gateway = npmStart(CONFIG);
  afterEach(() => gateway.stop());
  afterAll(() => gateway.remove());

  const vesper = (...args: string[]) => runHere(args, { env: { VESPER_DATA: gateway.dataPath }, clock: gateway.clock });

  /** What the operators' page gets: the answer to what is said there, and then the conversation. */
  async function onThePage() {
    using running = await connect({ env: { VESPER_DATA: gateway.dataPath }, clock: gateway.clock }, {});
    const api = chatApi({ gateway: running, config: await loadConfig(running.address.configPath) });
    const { signal } = new AbortController();
    const call = (path: string, query: string, body?: unknown) =>
      api[`${path} /api/chat`]?.({ query: new URLSearchParams(query), body, signal });
    const said = await call("POST", "", { name: "pat", text: "on the page", platform: "telegram" });
    const byHttp = await call("POST", "", { name: "pat", text: "by http", platform: "http" });
    return [said, await call("GET", "name=pat&on=telegram"), byHttp, await call("GET", "name=pat&on=http")];
  }

  it("is talked to by its own true calls, and shows what reached the chat; it is the real one once its secret is there", async () => {
    const said = await gateway.start();
    expect(said).toMatch(
      /Simulated on this machine: telegram; with its secrets in \S*\.env the next start uses the real/,
    );
    expect(said).not.toMatch(/Not in .*BOT_TOKEN/);
    expect(await vesper("say", "--platform", "telegram", "**Hello** there")).toEqual({
      ...{ code: 0, stdout: "You said: Hello there\n", stderr: "" },
    });
    const { stdout } = await vesper("say", "--platform", "telegram", "--json", "--user", "ann", "**Bold**");
    expect(JSON.parse(stdout)).toMatchObject({
      reply: "You said: **Bold**",
      sent: [{ conversation: "cli", text: "You said: Bold", body: { entities: [{ type: "bold" }] } }],
    });
    expect((await vesper("say", "hello", "--conversation", "web")).stdout).toBe("You said: hello\n");
    expect((await vesper("webhooks", "set", "--platform", "telegram", "--url", "https://a.example")).code).toBe(0);
    expect(await vesper("say", "--platform", "slack", "hello")).toMatchObject({
      ...{ code: 1, stderr: 'vesper: no platform "slack" in the config: it has http, telegram\n' },
    });
    expect(await onThePage()).toMatchObject([
      { reply: "You said: on the page" },
      { conversation: expect.stringMatching(/^default\/telegram\/\d+\/\/$/), sessions: [{ platform: "telegram" }] },
      { reply: "You said: by http" },
      { conversation: "default/http/pat//", sessions: [{ platform: "http" }] },
    ]);
    await gateway.stop();

    writeFileSync(join(dirname(gateway.dataPath), ".env"), "BOT_TOKEN=123456:real\n");
    expect(await gateway.start()).not.toMatch(/Simulated/);
    const refused = await vesper("say", "--platform", "telegram", "hello");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/telegram is not simulated here/) });
    expect((await vesper("sessions", "ls", "--json")).stdout).toContain("telegram");
  }, 90_000);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { agentInput } from "../../lib/adapter/testing/AgentFixture.ts";
import { agentConformance } from "../../lib/adapter/testing/agentConformance.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { remote } from "../../lib/agents/remote/remote.ts";
import { type RemoteAgentFake, startRemoteAgentFake } from "../harness/remoteAgentFake.ts";

const agentOf = (server: RemoteAgentFake) =>
  remote({ url: `${server.url}/answer`, secret: secret("AGENT") }).create(
    testServices({ AGENT: server.secret }, 2_000),
  );

agentConformance(
  { describe, it },
  "remote",
  async () => {
    const server = await startRemoteAgentFake();
    return {
      agent: agentOf(server),
      server,
      breakNext: server.breakNext,
      secrets: [server.secret.slice("whsec_".length)],
      close: () => server.close(),
    };
  },
  { server: true, stream: true },
);

describe("remote", () => {
  let server: RemoteAgentFake;
  beforeEach(async () => {
    server = await startRemoteAgentFake();
  });
  afterEach(() => server.close());

  it("says what its reply was made with", async () => {
    expect(await agentOf(server).reply(agentInput())).toEqual({
      text: "Nice to meet you!",
      model: expect.any(String),
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });

  it("gives up at its deadline", async () => {
    server.setMode("hang");
    const start = Date.now();
    const late = failureOf(agentOf(server).reply(agentInput({ deadline: Date.now() + 80 })));
    expect(await late).toMatchObject({ kind: "timeout" });
    expect(Date.now() - start).toBeLessThan(1_000);
  });

  it("is told who wrote what, where and when", async () => {
    const at = Date.parse("2026-03-01T12:00:00Z");
    await agentOf(server).reply(
      agentInput({
        history: [{ role: "assistant", content: "(no reply)", at, placeholder: true }],
        memories: [{ text: "Lives in Lisbon", at }, { text: "Likes tea" }],
        previous: { session: "s-0", reason: "idle" },
      }),
    );
    expect(server.asked[0]?.body).toEqual({
      type: "message.received",
      data: {
        messageId: "m-1",
        platform: "http",
        chat: { id: "c-1", type: "dm" },
        session: agentInput().session,
        text: "Hello",
        user: { id: "u-ana", name: "Ana" },
        previous: { session: "s-0", reason: "idle" },
        history: [{ role: "assistant", content: "(no reply)", at: "2026-03-01T12:00:00.000Z", placeholder: true }],
        memories: [{ text: "Lives in Lisbon", at: "2026-03-01T12:00:00.000Z" }, { text: "Likes tea" }],
      },
    });
  });

  it("is asked twice about a message in the same words and under the same id, and under another id about another", async () => {
    const agent = agentOf(server);
    await agent.reply(agentInput());
    await agent.reply(agentInput({ deadline: Date.now() + 1_000 }));
    await agent.reply(agentInput({ messageId: "m-2" }));
    await agent.reply(agentInput({ chat: { id: "c-2", type: "dm" } }));
    const [first, again, ...others] = server.asked;
    expect(again).toEqual(first);
    expect(new Set([first, ...others].map((asked) => asked?.id)).size).toBe(3);
  });

  it("may have nothing to say", async () => {
    server.answer({ status: 204 });
    expect(await agentOf(server).reply(agentInput())).toBeUndefined();
  });

  it.each(["", "ok", "{}", '{"text":7}', "null"])(
    "takes an answer of %j as a failure, not as a reply",
    async (body) => {
      server.answer({ status: 200, body });
      expect(await failureOf(agentOf(server).reply(agentInput()))).toMatchObject({ kind: "invalid", status: 200 });
    },
  );
});

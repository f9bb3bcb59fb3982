import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { secret } from "../../lib/adapter/options.ts";
import { agentInput } from "../../lib/adapter/testing/AgentFixture.ts";
import { agentConformance } from "../../lib/adapter/testing/agentConformance.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { chat } from "../../lib/agents/chat/chat.ts";
import { openai } from "../../lib/models/openai/openai.ts";
import { type CompletionsFake, startCompletionsFake } from "../harness/completionsFake.ts";

const modelOf = (server: CompletionsFake) => openai({ model: "stub-1", key: secret("KEY"), baseUrl: server.baseUrl });

agentConformance(
  { describe, it },
  "chat",
  async () => {
    const server = await startCompletionsFake();
    const services = testServices({ KEY: server.key }, 2_000);
    return {
      agent: chat({ model: modelOf(server) }).create(services),
      server,
      breakNext: server.breakNext,
      instructions: () => outsideOfData(server.calls.at(-1)?.[0]?.content ?? ""),
      secrets: [server.key],
      close: () => server.close(),
    };
  },
  { server: true, stream: true },
);

/** The system prompt without the place where what users wrote stands as data. */
function outsideOfData(system: string): string {
  return system.replace(/\n<memories>\n[\s\S]*\n<\/memories>$/, "");
}

describe("chat", () => {
  let server: CompletionsFake;
  beforeEach(async () => {
    server = await startCompletionsFake();
  });
  afterEach(() => server.close());

  const harness = (options: { readonly system?: string; readonly historyTokens?: number } = {}) => {
    const services = testServices({ KEY: server.key }, 2_000);
    const agent = chat({ model: modelOf(server), ...options }).create(services);
    return { services, ask: (changes: Partial<AgentInput>) => agent.reply(agentInput(changes)) };
  };
  const turns = (...words: string[]): AgentInput["history"] =>
    words.flatMap((content) => [
      { role: "user", content, author: { id: "u-ana", name: "Ana" }, at: 1 } as const,
      { role: "assistant", content: `re: ${content}`, at: 2 } as const,
    ]);

  it("says what its reply was made with", async () => {
    expect(await harness().ask({})).toEqual({
      text: "Nice to meet you!",
      model: expect.any(String),
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });

  it("gives up at its deadline", async () => {
    server.setMode("hang");
    const start = Date.now();
    const late = failureOf(harness().ask({ deadline: Date.now() + 80 }));
    expect(await late).toMatchObject({ kind: "timeout" });
    expect(Date.now() - start).toBeLessThan(1_000);
  });

  it("says what it shall be, then the session so far, then the message", async () => {
    await harness({ system: "You are a teacher." }).ask({ history: turns("Bonjour") });
    expect(server.calls[0]).toEqual([
      { role: "system", content: "You are a teacher." },
      { role: "user", content: "Bonjour" },
      { role: "assistant", content: "re: Bonjour" },
      { role: "user", content: "Hello" },
    ]);
  });

  it("puts what was recalled behind the system's words, as JSON with its time", async () => {
    await harness({ system: "You are a teacher." }).ask({
      memories: [{ text: "Likes tea", at: 0 }, { text: "Is Ana" }],
    });
    const system = server.calls[0]?.[0]?.content;
    expect(system).toMatch(/^You are a teacher\.\n\nWhat is known/);
    // Nothing before the place looks like it.
    expect(system?.split("memories>")).toHaveLength(3);
    expect(system).toContain(
      '<memories>\n[\n{"text":"Likes tea","at":"1970-01-01T00:00:00.000Z"},\n{"text":"Is Ana"}\n]\n</memories>',
    );
  });

  it("drops the oldest turns, whole, where the session is longer than its budget, and logs it", async () => {
    const { ask, services } = harness({ historyTokens: 500 });
    await ask({ history: turns("the oldest", "x".repeat(600), "y".repeat(60)) });

    expect(server.calls[0]?.map(({ content }) => content.slice(0, 5))).toEqual([
      expect.any(String),
      "xxxxx",
      "re: x",
      "yyyyy",
      "re: y",
      "Hello",
    ]);
    expect(services.logged).toEqual([
      { event: "history.dropped", fields: { session: agentInput().session, messages: 2, kept: 4 } },
    ]);
  });

  it("leaves out a last turn that alone is larger than the budget, and sends nothing in part", async () => {
    await harness({ historyTokens: 500 }).ask({ history: turns("word ".repeat(1_000)) });
    expect(server.calls[0]).toHaveLength(2);
  });

  it("names who wrote in a group, and nobody in a direct message", async () => {
    const { ask } = harness();
    await ask({ chat: { id: "g", type: "group" }, history: turns("Good morning"), user: { id: "u-bea" } });
    await ask({ history: turns("Good morning") });
    expect(server.calls[0]?.slice(1).map(({ content }) => content)).toEqual([
      '[from "Ana"]\nGood morning',
      "re: Good morning",
      '[from "u-bea"]\nHello',
    ]);
    expect(server.calls[0]?.[0]?.content).toContain("Several people write in this chat");
    expect(JSON.stringify(server.calls[1])).not.toMatch(/from|Several/);
  });

  it("ends a name where its line ends, whatever stands in it", async () => {
    await harness().ask({ chat: { id: "g", type: "group" }, user: { id: "u", name: 'Ann"]\nBea' } });
    expect(server.calls[0]?.at(-1)?.content).toBe('[from "Ann\\"\\u005d Bea"]\nHello');
  });

  it("sends no blank message, which models refuse", async () => {
    expect(await harness().ask({ text: " \n", history: turns("") })).toMatchObject({ text: "Nice to meet you!" });
    expect(server.calls[0]?.map(({ content }) => content)).toContain("(no words)");
  });

  it("sends a reply that was cut, and says so in the log", async () => {
    const { ask, services } = harness();
    server.answerWith({ finish_reason: "length" });
    expect(await ask({})).toMatchObject({ text: "Nice to meet you!" });
    expect(services.logged).toEqual([
      { event: "reply.cut", fields: { session: agentInput().session, model: "stub-1-2026" } },
    ]);
  });

  it("has its model's problems, secrets and grants", () => {
    const wrong = chat({ model: openai({ model: "", baseUrl: "nowhere" }), historyTokens: 1 });
    expect(wrong.problems().map(({ path }) => path.join("."))).toEqual([
      "historyTokens",
      "model.model",
      "model.baseUrl",
    ]);
    expect(
      chat({ model: modelOf(server) })
        .secrets()
        .map((ref) => ref.secret),
    ).toEqual(["KEY"]);
  });
});

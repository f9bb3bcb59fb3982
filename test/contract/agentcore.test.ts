import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { agentcore } from "../../lib/memory/agentcore/agentcore.ts";
import { type AgentCoreFake, startAgentCoreFake } from "../harness/agentCoreFake.ts";

const NAMESPACE = "/users/{actorId}/";

function providerOf({ url, memoryId }: AgentCoreFake): MemoryProvider {
  const services = testServices();
  return agentcore({ memoryId, namespace: NAMESPACE }).create({ ...services, aws: { ...services.aws, endpoint: url } });
}

memoryProviderConformance(
  { describe, it },
  "agentcore",
  async () => {
    const server = await startAgentCoreFake();
    return {
      provider: providerOf(server),
      stored: async () => structuredClone({ events: server.events, records: server.records }),
      server,
      secrets: [],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "server-key", recall: true, forget: true },
);

describe("agentcore", () => {
  let server: AgentCoreFake;
  beforeEach(async () => {
    server = await startAgentCoreFake();
  });
  afterEach(() => server.close());

  const end = (session: EndedSession) => providerOf(server).onSessionEnd(session, callOf(session));
  const [ana, bea] = [{ id: "u-ana" }, { id: "u-bea" }];
  const said = (...contents: string[]) =>
    contents.map((content, at) => ({ role: "user", content, author: ana, at: at + 1 }) as const);
  const whoOf = (user: { readonly id: string }) => {
    const { tenant, platform, chat } = endedSession();
    return { tenant, platform, chat, user };
  };

  it("loses no words when what stands before them is erased between two attempts, and the events begin elsewhere", async () => {
    const messages = said(...Array.from({ length: 250 }, (_, i) => `word ${i}`));
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(end(endedSession({ messages })));
    const rest = messages.slice(50);
    await end(endedSession({ messages: rest }));
    const stored = new Set(server.events.flatMap(({ texts }) => texts.map(({ text }) => text)));
    expect(rest.filter(({ content }) => !stored.has(content))).toEqual([]);
  });

  it("W4 gives each user of a group an event of what they wrote and were answered", async () => {
    const receipt = await end(
      endedSession({
        chat: { id: "g-1", type: "group" },
        users: [ana, bea],
        messages: [
          { role: "user", content: "I like tea.", author: ana, at: 1_000 },
          { role: "assistant", content: "Tea, Ana.", at: 2_000 },
          { role: "user", content: "I like coffee.", author: bea, at: 3_000 },
        ],
      }),
    );
    expect(server.events.map(({ actorId, texts }) => [actorId, texts])).toEqual([
      [
        expect.stringMatching(/^u-ana-[0-9a-f]{16}$/),
        [
          { role: "USER", text: "I like tea." },
          { role: "ASSISTANT", text: "Tea, Ana." },
        ],
      ],
      [expect.stringMatching(/^u-bea-/), [{ role: "USER", text: "I like coffee." }]],
    ]);
    expect(server.requests.map(({ body }) => JSON.parse(body).eventTimestamp)).toEqual([2, 3]);
    expect(receipt).toEqual({
      id: server.events[0]?.eventId,
      body: expect.stringMatching(/^2 events for u-ana-\w+, u-bea-\w+$/),
    });
  });

  it("puts into an event no more messages and bytes than the service takes, and loses no character", async () => {
    const long = "👩‍👩‍👧 نور 李 ".repeat(6_000);
    await end(endedSession({ messages: [...said(...Array.from({ length: 250 }, (_, i) => `${i}`)), ...said(long)] }));
    const texts = server.events.flatMap((event) => event.texts.map(({ text }) => text));
    expect(server.events.length).toBeGreaterThan(4);
    expect(texts.slice(0, 250)).toEqual(Array.from({ length: 250 }, (_, i) => `${i}`));
    expect(texts.slice(250).join("")).toBe(long);
  });

  it("W5 tells nobody what a user said whose id begins with theirs", async () => {
    await end(endedSession());
    const [record] = server.records;
    const [, actor = ""] = /^\/users\/(.+)\/$/.exec(record?.namespace ?? "") ?? [];
    // Someone who calls themselves by another's actor.
    await end(
      endedSession({
        users: [{ id: actor }],
        messages: [{ role: "user", content: "I am Ana", author: { id: actor }, at: 1 }],
      }),
    );
    const recalled = await providerOf(server).recall?.(
      { ...whoOf(ana), text: "Who am I?", limit: 10, timeout: 2_000 },
      AbortSignal.timeout(2_000),
    );
    expect(recalled).toEqual([{ text: "My name is Ana and I live in Lisbon.", at: 1_790_000_000_000 }]);
  });

  it("asks for what is known where the first message has no words, and for no more than the service returns", async () => {
    await end(endedSession());
    const query = { ...whoOf(ana), text: " ", limit: 1_000, timeout: 2_000 };
    expect(await providerOf(server).recall?.(query, AbortSignal.timeout(2_000))).toHaveLength(1);
  });

  it("forgets events and records of a user, all pages of them, and of no other", async () => {
    await end(endedSession({ messages: said("one", "two") }));
    await end(endedSession({ session: "s-2", messages: said("three") }));
    await end(
      endedSession({ session: "s-3", users: [bea], messages: [{ role: "user", content: "four", author: bea, at: 1 }] }),
    );
    await providerOf(server).forget?.(whoOf(ana));
    expect(server.events.flatMap(({ texts }) => texts.map(({ text }) => text))).toEqual(["four"]);
    expect(server.records.map(({ text }) => text)).toEqual(["four"]);
  });

  it("says so when a record stays that should be forgotten", async () => {
    await end(endedSession());
    server.keepNext();
    const failure = await failureOf(Promise.resolve(providerOf(server).forget?.(whoOf(ana))));
    expect(failure).toMatchObject({ retry: true, message: expect.stringContaining("kept 1 of 1 records") });
  });

  it("takes 409 as another call at work, and is tried again", async () => {
    server.failNext(1, 409);
    expect(await failureOf(end(endedSession()))).toMatchObject({ kind: "transient", status: 409 });
  });

  it("may write events in one function and read records in the other, of its own memory alone", () => {
    const { memoryId } = server;
    const resources = [{ service: "bedrock-agentcore", resource: `memory/${memoryId}` }];
    expect(agentcore({ memoryId, namespace: NAMESPACE }).grants()).toEqual([
      { actions: ["bedrock-agentcore:CreateEvent"], resources, only: "session-end" },
      { actions: ["bedrock-agentcore:RetrieveMemoryRecords"], resources, only: "recall" },
    ]);
  });

  it.each(["/users/", "/users/{actorId}", "/{actorId}x/", "{sessionId}/{actorId}/"])(
    "refuses a namespace such as %s, which is not one user's alone",
    (namespace) => {
      const [problem] = agentcore({ memoryId: server.memoryId, namespace }).problems();
      expect(problem).toMatchObject({ path: ["namespace"], message: expect.stringContaining('"{actorId}/" in it') });
    },
  );
});

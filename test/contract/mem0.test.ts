import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import type { Json } from "../../lib/domain/json.ts";
import { type Mem0Fake, startMem0Fake } from "../harness/mem0Fake.ts";
import { ana, groupSession, providerOf } from "./mem0Session.ts";

const fixtureOf = (api: "platform" | "server") => async () => {
  const server = await startMem0Fake(api);
  return {
    provider: providerOf(server, api),
    stored: async () => structuredClone(server.memories),
    server,
    work: server,
    secrets: [server.key],
    close: () => server.close(),
  };
};

memoryProviderConformance({ describe, it }, "mem0, the platform", fixtureOf("platform"), {
  server: true,
  idempotency: "read-back",
  recall: true,
  forget: true,
  confirm: true,
});

// It extracts before it answers.
memoryProviderConformance({ describe, it }, "mem0, a server of yours", fixtureOf("server"), {
  server: true,
  idempotency: "read-back",
  recall: true,
  forget: true,
});

describe.each(["platform", "server"] as const)("mem0, the %s", (api) => {
  let server: Mem0Fake;
  beforeEach(async () => {
    server = await startMem0Fake(api);
  });
  afterEach(() => server.close());

  /** Delivers, with a checkpoint that is kept as the ledger keeps it. */
  const delivery = () => {
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    return (session: EndedSession, changes: Partial<ProviderCall> = {}) =>
      providerOf(server, api).onSessionEnd(session, callOf(session, { checkpoint, saveCheckpoint, ...changes }));
  };
  const group = groupSession();
  const additions = () =>
    server.requests
      .filter(({ method, path }) => method === "POST" && /add\/$|^\/memories$/.test(path))
      .map(({ body }) => JSON.parse(body));

  it("W4 gives each user of a group what they wrote and were answered, and nothing of the others", async () => {
    const { body } = await delivery()(group);
    expect(additions().map(({ user_id, messages }) => [user_id, messages.map(({ content }: Body) => content)])).toEqual(
      [
        [expect.stringMatching(/^u-ana-[0-9a-f]{16}$/), ["I like tea.", "Tea, Ana."]],
        [expect.stringMatching(/^u-bea-[0-9a-f]{16}$/), ["I like coffee.", "Coffee, Bea."]],
      ],
    );
    expect(body).toMatch(/^4 messages of 4, for u-ana-\w+, u-bea-\w+ in 2 calls$/);
  });

  it("goes on behind what was acknowledged when a later call fails", async () => {
    const end = delivery();
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(end(group));
    await end(group, { attempt: 2 });
    expect(server.memories.map(({ memory }) => memory)).toEqual(["I like tea.", "I like coffee."]);
    expect(additions()).toHaveLength(3);
    expect(server.requests, "what was acknowledged is not even looked for").toHaveLength(4);
  });

  it("loses no words when what stands before them is cleaned in another way at the next attempt", async () => {
    const words = (label: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({
        ...({ role: "user", content: `${label}${i} ${"long ".repeat(2_000)}`, author: ana, at: i } as const),
      }));
    const [first, last] = [words("a", 12), words("b", 6)];
    const end = delivery();
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(end(endedSession({ messages: [...first, ...last] })));
    const rest = [...first.slice(6), ...last];

    await end(endedSession({ messages: rest }), { attempt: 2 });

    const sent = new Set(additions().flatMap(({ messages }) => messages.map((one: Body) => one.content)));
    expect(rest.filter(({ content }) => !sent.has(content))).toEqual([]);
    const stored = JSON.stringify(server.memories);
    expect(rest.filter(({ content }) => !stored.includes(content.slice(0, 3)))).toEqual([]);
  });

  it("recalls no more than is asked for, whatever the service answers", async () => {
    await delivery()(endedSession());
    await delivery()(endedSession({ session: "s-2" }));
    const query = recallQuery({ user: ana, text: "tea", limit: 1 });
    expect(await providerOf(server, api).recall?.(query, AbortSignal.timeout(2_000))).toHaveLength(1);
  });

  it("does not take what is there of the user's other sessions for this one's", async () => {
    await delivery()(endedSession());
    await delivery()(endedSession({ session: "s-2" }), { attempt: 2 });
    expect(server.memories).toHaveLength(2);
  });

  it("D4 looks for what an earlier delivery has stored in a redriven one, which begins to count anew", async () => {
    const end = delivery();
    server.failNext(1, "lost-ack");
    await failureOf(end(endedSession()));
    await end(endedSession(), { attempt: 1 });
    expect(server.memories).toHaveLength(1);
  });

  it("tries again, and looks first, after an answer that leaves open whether the session was stored", async () => {
    server.failNext(1, 200);
    expect(await failureOf(delivery()(endedSession()))).toMatchObject({ kind: "transient", outcome: "unknown" });
  });

  it("sends a long session in several calls, none of which is larger than 100 KB, with every character", async () => {
    const content = "👩‍👩‍👧 نور 李 ".repeat(12_000);
    await delivery()(endedSession({ messages: [{ role: "user", content, author: ana, at: 1 }] }));
    const parts = additions().map(({ messages }) => messages.map((one: Body) => one.content).join(""));
    expect(parts.length).toBeGreaterThan(3);
    for (const { body } of server.requests) expect(Buffer.byteLength(body)).toBeLessThan(101_000);
    expect(parts.join("")).toBe(content);
    for (const part of parts.slice(1)) expect(part).not.toMatch(/^[\u200D\uDC00-\uDFFF]/);
  });

  it("keeps apart two users whose ids differ only in what no id may hold", async () => {
    for (const id of ["a:b", "a-b", "a/b"]) {
      await delivery()(
        endedSession({ users: [{ id }], messages: [{ role: "user", content: id, author: { id }, at: 1 }] }),
      );
    }
    expect(new Set(server.memories.map(({ user_id }) => user_id)).size).toBe(3);
  });

  it("acknowledges without a call a session in which nobody is named, as there is no user to put it under", async () => {
    const messages = [{ role: "user", content: "Hello", at: 1 } as const];
    expect(await delivery()(endedSession({ users: [], messages }))).toEqual({ body: "0 messages of 1, for nobody" });
    expect(server.requests).toEqual([]);
  });
});

type Body = Readonly<Record<string, unknown>>;

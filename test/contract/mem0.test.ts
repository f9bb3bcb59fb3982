import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { secret } from "../../lib/adapter/options.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../lib/domain/json.ts";
import { mem0 } from "../../lib/memory/mem0/mem0.ts";
import { withTimeout } from "../../lib/runtime/async.ts";
import { type Mem0Fake, startMem0Fake } from "../harness/mem0Fake.ts";
import { vendorSpec } from "./vendorSpec.ts";

const providerOf = (server: Mem0Fake, api: "platform" | "server") =>
  mem0({ api, url: server.url, key: secret("MEM0") }).create(testServices({ MEM0: server.key }, 2_000));

const [ana, bea] = [
  { id: "u-ana", name: "Ana" },
  { id: "u-bea", name: "Bea" },
];

/** What two people of a group said, and were answered. */
function groupSession(): EndedSession {
  return endedSession({
    chat: { id: "g-1", type: "group" },
    users: [ana, bea],
    messages: [
      { role: "user", content: "I like tea.", author: ana, at: 1 },
      { role: "assistant", content: "Tea, Ana.", at: 2 },
      { role: "user", content: "I like coffee.", author: bea, at: 3 },
      { role: "assistant", content: "Coffee, Bea.", at: 4 },
    ],
  });
}

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

describe("mem0, the platform", () => {
  it("leaves the service at work for a minute when nobody knows what became of a call", async () => {
    const server = await startMem0Fake("platform");
    server.hold();
    const provider = providerOf(server, "platform");
    const end = (attempt: number) => provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt }));
    server.failNext(1, "lost-ack");
    expect(await failureOf(end(1))).toMatchObject({ kind: "transient", retryAfter: 60_000 });
    server.finish();
    await end(2);
    await server.close();
    expect(server.memories).toHaveLength(1);
  });

  it("leaves the service at work for a minute when it does not answer in time, as the gateway cuts a call off", async () => {
    const server = await startMem0Fake("platform");
    server.setMode("hang");
    const late = new DeliveryError("timeout", "late");
    const failure = failureOf(
      withTimeout(400, late, (signal) =>
        providerOf(server, "platform").onSessionEnd(endedSession(), callOf(endedSession(), { timeout: 400, signal })),
      ),
    );
    expect(await failure).toMatchObject({ kind: "timeout", outcome: "unknown", retryAfter: 60_000 });
    await server.close();
  });

  it("says in its receipt which event is at work", async () => {
    const server = await startMem0Fake("platform");
    const receipt = await providerOf(server, "platform").onSessionEnd(endedSession(), callOf(endedSession()));
    await server.close();
    const id = "10000000-0000-4000-8000-000000000001";
    expect(receipt).toEqual({
      id,
      accepted: { done: [{ key: expect.stringMatching(/^[0-9a-f]{32}$/), event: id }] },
      body: expect.stringMatching(/^2 messages of 2, for u-ana-[0-9a-f]{16}$/),
    });
  });

  it("adds again what failed alone, without a look for what it left, and asks for that alone", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const session = groupSession();
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    const call = (attempt: number) => callOf(session, { attempt, checkpoint, saveCheckpoint });
    server.hold();
    const { accepted = null } = await provider.onSessionEnd(session, call(1));
    server.fail();
    const answer = await provider.confirm?.(accepted, call(1));
    expect(answer).toMatchObject({ outcome: "failed", error: { kind: "transient", body: "no model for you" } });
    expect(answer?.outcome === "failed" && answer.error.message).not.toContain("model");
    expect(checkpoint).toMatchObject({ done: [], failed: [expect.any(String), expect.any(String)] });

    const before = server.requests.length;
    const again = await provider.onSessionEnd(session, call(2));
    expect(server.requests.slice(before).map(({ path }) => path)).toEqual(Array(2).fill("/v3/memories/add/"));
    server.finish();
    expect(await provider.confirm?.(again.accepted ?? null, call(2))).toEqual({ outcome: "stored", receipt: {} });
    await server.close();
    expect(server.memories.map(({ memory }) => memory)).toEqual(["I like tea.", "I like coffee."]);
  });

  it("asks for the event of an addition that an attempt had made before it died", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const session = groupSession();
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    server.hold();
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(provider.onSessionEnd(session, callOf(session, { saveCheckpoint })));
    const { accepted } = await provider.onSessionEnd(
      session,
      callOf(session, { attempt: 2, checkpoint, saveCheckpoint }),
    );
    await server.close();
    expect(accepted).toMatchObject({ done: [{ event: expect.any(String) }, { event: expect.any(String) }] });
  });

  it("has nothing to ask for when it has found all that it would have added", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    await provider.onSessionEnd(endedSession(), callOf(endedSession()));
    const receipt = await provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt: 2 }));
    await server.close();
    expect(receipt).not.toHaveProperty("accepted");
  });

  const spec = vendorSpec("mem0");
  it.skipIf(!spec)("asks as Mem0's own description says, where that lies beside the checkout", async () => {
    const server = await startMem0Fake("platform");
    const provider = providerOf(server, "platform");
    const { accepted = null } = await provider.onSessionEnd(endedSession(), callOf(endedSession()));
    await provider.confirm?.(accepted, callOf(endedSession()));
    await provider.onSessionEnd(endedSession(), callOf(endedSession(), { attempt: 2 }));
    const query = recallQuery({ text: "", limit: 3 });
    await provider.recall?.(query, AbortSignal.timeout(2_000));
    await server.close();
    expect(server.requests.map(({ path }) => path)).toHaveLength(4);
    expect(server.requests.flatMap((request) => spec?.(request) ?? [])).toEqual([]);
  });

  it("needs a key, and a server of one's own an address", () => {
    const problemsOf = (options: Parameters<typeof mem0>[0]) =>
      mem0(options)
        .problems()
        .map(({ message }) => message);
    expect(problemsOf({})).toEqual([expect.stringContaining("only a server that you host may do without")]);
    expect(problemsOf({ api: "server" })).toEqual(["a server that you host needs its url, too"]);
    expect(problemsOf({ api: "server", url: "http://mem0.internal:8888" })).toEqual([]);
  });
});

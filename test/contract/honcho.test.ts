import { Honcho } from "@honcho-ai/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { secret } from "../../lib/adapter/options.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import type { SeenRequest } from "../../lib/adapter/testing/faultServer.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../lib/domain/json.ts";
import { honcho } from "../../lib/memory/honcho/honcho.ts";
import { type HonchoFake, startHonchoFake } from "../harness/honchoFake.ts";
import { vendorSpec } from "./vendorSpec.ts";

const providerOf = ({ url, workspace, key }: HonchoFake) =>
  honcho({ workspace, url, key: secret("HONCHO") }).create(testServices({ HONCHO: key }, 2_000));

memoryProviderConformance(
  { describe, it },
  "honcho",
  async () => {
    const server = await startHonchoFake();
    return {
      provider: providerOf(server),
      stored: async () => structuredClone({ messages: server.messages, conclusions: server.conclusions }),
      server,
      secrets: [server.key],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "read-back", recall: true, forget: true },
);

describe("honcho", () => {
  let server: HonchoFake;
  beforeEach(async () => {
    server = await startHonchoFake();
  });
  afterEach(() => server.close());

  /** Delivers, with a checkpoint that is kept as the ledger keeps it. */
  const delivery = () => {
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    return (session: EndedSession, changes: Partial<ProviderCall> = {}) =>
      providerOf(server).onSessionEnd(session, callOf(session, { checkpoint, saveCheckpoint, ...changes }));
  };
  const [ana, bea] = [{ id: "u-ana", name: "Ana" }, { id: "u-bea" }];
  const said = (...contents: string[]) =>
    contents.map((content, at) => ({ role: "user", content, author: ana, at: at + 1 }) as const);
  const contentsOf = (part: string) =>
    server.messages.filter(({ peer_id }) => peer_id.startsWith(part)).map(({ content }) => content);

  it("W4 gives each user of a group a session of what they wrote and were answered, each message by its author", async () => {
    const receipt = await delivery()(
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
    const [{ session_id: first } = { session_id: "" }, , { session_id: second } = { session_id: "" }] = server.messages;
    expect(
      server.messages.map(({ session_id, peer_id, content, created_at }) => [session_id, peer_id, content, created_at]),
    ).toEqual([
      [expect.stringMatching(/^u-ana-[0-9a-f]{16}$/), first, "I like tea.", "1970-01-01T00:00:01.000Z"],
      [first, "assistant", "Tea, Ana.", "1970-01-01T00:00:02.000Z"],
      [expect.stringMatching(/^u-bea-[0-9a-f]{16}$/), second, "I like coffee.", "1970-01-01T00:00:03.000Z"],
    ]);
    expect(receipt).toEqual({ id: "msg-1", body: `3 messages of 3 in workspace gateway, for ${first}, ${second}` });
  });

  it("has nothing concluded about the assistant", async () => {
    await delivery()(endedSession());
    expect(server.conclusions.map(({ content }) => content)).toEqual(["My name is Ana and I live in Lisbon."]);
  });

  it("L13 L22 puts all short sessions of a user into one there, as Honcho concludes nothing of a few words alone", async () => {
    await delivery()(endedSession());
    await delivery()(endedSession({ session: "s-2", messages: said("I like tea.") }));
    expect(new Set(server.messages.map(({ session_id }) => session_id)).size).toBe(1);
    expect(server.messages.map(({ metadata }) => metadata.session)).toEqual([
      ...[endedSession().session, endedSession().session, "s-2"],
    ]);
  });

  it("T16 T17 sends no more messages in a call, and characters in a message, than are taken, and loses none", async () => {
    const long = "👩‍👩‍👧 نور 李 ".repeat(6_000);
    await delivery()(
      endedSession({ messages: [...said(...Array.from({ length: 250 }, (_, i) => `${i}`)), ...said(long)] }),
    );
    expect(honcho({ workspace: "gateway", key: secret("KEY") }).limits()).toEqual({
      messages: 100,
      characters: 25_000,
    });
    const sizes = server.requests.map(({ body }) => JSON.parse(body).messages.length);
    expect(sizes.slice(0, 2)).toEqual([100, 100]);
    const contents = contentsOf("u-ana");
    expect(contents.slice(0, 250)).toEqual(Array.from({ length: 250 }, (_, i) => `${i}`));
    expect(contents.slice(250).length).toBeGreaterThan(2);
    expect(contents.slice(250).join("")).toBe(long);
    for (const part of contents.slice(251)) expect(part).not.toMatch(/^[\u200D\uDC00-\uDFFF]/);
  });

  it("L17 goes on behind what was acknowledged when a later call fails, and does not even look for it", async () => {
    const end = delivery();
    const messages = said(...Array.from({ length: 150 }, (_, i) => `${i}`));
    server.passNext(1);
    server.failNext(1, 503);
    await failureOf(end(endedSession({ messages })));
    await end(endedSession({ messages }), { attempt: 2 });
    expect(contentsOf("u-ana")).toEqual(messages.map(({ content }) => content));
    expect(server.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
      ...["messages", "messages", "list?page=1&size=1", "messages"],
    ]);
  });

  it("D4 looks for what an earlier delivery has stored in a redriven one, which begins to count anew", async () => {
    const end = delivery();
    server.failNext(1, "lost-ack");
    await failureOf(end(endedSession()));
    await end(endedSession(), { attempt: 1 });
    expect(server.messages).toHaveLength(2);
  });

  it("tries again, and looks first, after an answer that leaves open whether the session was stored", async () => {
    server.failNext(1, 200);
    expect(await failureOf(delivery()(endedSession()))).toMatchObject({ kind: "transient", outcome: "unknown" });
  });

  it("acknowledges without a call a session in which nobody is named, as there is no user to put it under", async () => {
    const messages = [{ role: "user", content: "Hello", at: 1 } as const];
    expect((await delivery()(endedSession({ users: [], messages }))).body).toMatch(/^0 messages of 1 .*, for nobody$/);
    expect(server.requests).toEqual([]);
  });

  it("recalls conclusions with their times, at most as many as the service returns", async () => {
    await delivery()(endedSession());
    const recalled = await providerOf(server).recall?.(
      recallQuery({ text: " ", limit: 1_000 }),
      AbortSignal.timeout(2_000),
    );
    expect(recalled).toEqual([
      { text: "My name is Ana and I live in Lisbon.", at: Date.parse("2026-03-01T12:00:00Z") },
    ]);
  });

  it("W8 forgets a user's words, conclusions of every kind and card, and those of no other", async () => {
    await delivery()(endedSession());
    const [{ peer_id: peer } = { peer_id: "" }] = server.messages;
    server.dream(peer);
    const others = [{ role: "user", content: "four", author: bea, at: 1 } as const];
    await delivery()(endedSession({ session: "s-3", users: [bea], messages: others }));
    await providerOf(server).forget?.(recallQuery());
    expect(server.messages.map(({ content }) => content)).toEqual(["four"]);
    expect(server.conclusions.map(({ content }) => content)).toEqual(["four"]);
    expect(server.cards.get(peer)).toEqual([]);
  });

  it("forgets nothing of a user whom the service does not know, without an error", async () => {
    await providerOf(server).forget?.(recallQuery());
    expect(server.messages).toEqual([]);
  });

  const spec = vendorSpec("honcho");
  it.skipIf(!spec)("asks as Honcho's own description says, where that lies beside the checkout", async () => {
    await delivery()(endedSession());
    await delivery()(endedSession(), { attempt: 2 });
    expect(server.requests).toHaveLength(2);
    expect(server.requests.flatMap((request) => spec?.(request) ?? [])).toEqual([]);
  });

  it("makes the calls that Honcho's own library makes, by method, path and body", async () => {
    await delivery()(endedSession());
    await delivery()(endedSession(), { attempt: 2 });
    await providerOf(server).recall?.(recallQuery(), AbortSignal.timeout(2_000));
    const [{ peer_id: id, metadata } = { peer_id: "", metadata: { delivery_key: "" } }] = server.messages;
    server.dream(id);
    await providerOf(server).forget?.(recallQuery());
    const ours = server.requests.map(callIn);

    const { url: baseURL, key: apiKey, workspace: workspaceId } = server;
    const client = new Honcho({ baseURL, apiKey, workspaceId, maxRetries: 0 });
    const [user, assistant, session] = [
      await client.peer(id),
      await client.peer("assistant"),
      await client.session(id),
    ];
    const from = server.requests.length;
    const [first, second] = endedSession().messages;
    const at = (message = first) => ({ metadata, createdAt: new Date(message?.at ?? 0) });
    await session.addMessages([
      user.message(first?.content ?? "", at()),
      assistant.message(second?.content ?? "", { ...at(second), configuration: { reasoning: { enabled: false } } }),
    ]);
    await session.messages({ filters: { metadata: { delivery_key: metadata.delivery_key } }, page: 1, size: 1 });
    await user.conclusions.query(recallQuery().text, recallQuery().limit);
    server.dream(id);
    await session.delete();
    const { items } = await user.conclusions.list({ page: 1, size: 100 });
    for (const conclusion of items) await user.conclusions.delete(conclusion.id);
    await user.conclusions.list({ page: 1, size: 100 });
    await user.setCard([]);
    const theirs = server.requests.slice(from).map(callIn);

    expect(ours).toHaveLength(8);
    expect(ours).toEqual(theirs);
  });

  it("needs a key for the service, and none for a server of one's own", () => {
    const problemsOf = (options: Parameters<typeof honcho>[0]) =>
      honcho(options)
        .problems()
        .map(({ message }) => message);
    expect(problemsOf({ workspace: "gateway" })).toEqual([expect.stringContaining("only a server that you host")]);
    expect(problemsOf({ workspace: "gateway", url: "http://honcho.internal:8000" })).toEqual([]);
    expect(problemsOf({ workspace: "a b", key: secret("KEY") })).toEqual([
      expect.stringContaining("id of a workspace"),
    ]);
  });
});

/** A call as it is compared; each conclusion has an id of its own. */
function callIn({ method, path, body }: SeenRequest) {
  return { method, path: path.replace(/con_\d+/, "con_N"), body: body === "" ? undefined : JSON.parse(body) };
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { auditEntrySchema } from "../../lib/operator/audit.ts";
import { type ForgetTools, forgetUser } from "../../lib/operator/forget/forgetUser.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { tableMemoryStore } from "../../lib/store/memories.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { allRows, hookRows, sessionRows } from "../harness/rows.ts";
import { telegramChat } from "../harness/telegramChat.ts";
import { worksLater } from "../harness/worksLater.ts";

const ANN = { id: "ann", name: "Ann" };

const BOB = { id: "bob", name: "Bob" };

describe("forgetting a user", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ groups: "shared" });
  });
  afterEach(() => harness.stop());

  const tools = (): ForgetTools => ({
    services: { ...harness.services, table: harness.operatorTable },
    config: harness.services.config,
    adapters: {
      ...{
        clock: harness.clock,
        log: harness.services.log,
        metrics: { put: () => {} },
        aws: {},
        http: nodeHttpClient,
        memories: tableMemoryStore(harness.operatorTable, harness.clock, harness.services.log),
      },
      secrets: { get: () => Promise.reject(new Error("no secret is needed to forget")) },
    },
    queues: {
      inbound: { client: harness.operatorQueues, url: harness.wiring.queues.inbound },
      inboundDlq: { client: harness.operatorQueues, url: harness.wiring.queues.inboundDead },
    },
  });
  const forget = (act: boolean, user = "ann") =>
    forgetUser(tools(), { platform: "http", user }, { who: "op@test", act });
  it("erases that they asked to be let in, and what they passed on, quoted or attached", async () => {
    harness.deploy({ access: { telegram: { others: "pair" } } });
    const chat = telegramChat(harness);
    await chat.send({ text: "let me in" });
    harness.deploy();
    const quoted = { message_id: 1, from: { id: 9, is_bot: false, first_name: "Zed" }, text: "the secret plan" };
    await chat.send({ text: "see", document: { file_id: "f", file_name: "will.pdf" }, reply_to_message: quoted });
    await forgetUser(tools(), { platform: "telegram", user: "4711" }, { who: "op@test", act: true });

    const rows = (await allRows(harness)).filter(({ pk }) => /^(PAIRING|SESSION)#/.test(String(pk)));
    for (const word of ["Ana", "secret plan", "will.pdf", "let me in"])
      expect(JSON.stringify(rows)).not.toContain(word);
  });

  it("erases what tools answered to them", async () => {
    const agent = defineAdapter("agent", "mock", strictFields({}), () => ({
      reply: async () => ({ text: "Soon.", toolResults: [{ tool: "shop_find", text: "Order 7 of Ann" }] }),
    }));
    harness.deploy({ agent: agent() });
    await harness.chat("Where is it?", { user: ANN });
    expect(JSON.stringify(await allRows(harness))).toContain("Order 7");
    await forget(true);
    expect(JSON.stringify(await allRows(harness))).not.toContain("Order 7");
  });

  it("forgets at providers also in groups that the table does not know any more, where they are named", async () => {
    await harness.chat("hello", { conversation: "g1", user: ANN, chatType: "group" });
    const asked: string[] = [];
    const services = tools();
    const memory = Object.fromEntries(
      Object.entries(services.config.memory).map(([name, adapter]) => {
        const create = () => ({
          ...adapter.create(services.adapters),
          forget: async ({ chat }: { readonly chat: { readonly id: string; readonly type: string } }) => {
            asked.push(`${chat.type} ${chat.id}`);
          },
        });
        return [name, { ...adapter, create }];
      }),
    );
    const word = { who: "op@test", act: true, groups: ["g1", "g-old"] };
    await forgetUser({ ...services, config: { ...services.config, memory } }, { platform: "http", user: "ann" }, word);
    expect([...new Set(asked)].toSorted()).toEqual(["dm ann", "group g-old", "group g1"]);
  });

  it("has failed at a provider that still works on their words, and is whole when it is called again after that", async () => {
    const later = worksLater();
    harness.deploy({ memory: { crm: later.adapter() } });
    await harness.chat("hello", { conversation: "dm", user: ANN });
    await harness.chat("/reset", { conversation: "dm", user: ANN });
    expect((await forget(true)).providers).toMatchObject([
      { status: "failed", detail: expect.stringContaining("it still works on 1 accepted session: try again") },
    ]);
    expect(await hookRows(harness)).toMatchObject([{ status: "skipped", discarded: { by: "forget" } }]);

    later.fate = { outcome: "stored", receipt: {} };
    harness.advance("1m");
    await harness.settle();
    const forgotten = later.forgotten;
    expect((await forget(true)).providers).toMatchObject([{ status: "erased" }]);
    expect(later.forgotten).toBe(forgotten + 1);
    expect(await stored()).not.toContain("hello");
  });

  it("erases words that are packed", async () => {
    await harness.chat(PROSE.slice(0, 1_500), { conversation: "dm", user: ANN });
    const packed = expect.objectContaining({ text: expect.any(Uint8Array), reply: expect.any(Uint8Array) });
    expect(await allRows(harness)).toContainEqual(packed);
    await forget(true);
    const [turn] = (await allRows(harness)).filter(({ kind }) => kind === "turn");
    expect(turn).toHaveProperty("erasedAt");
    expect(Object.values(turn ?? {}).filter((value) => value instanceof Uint8Array)).toEqual([]);
  });

  it("erases what a user wrote behind a command; what keeps their memory off stays", async () => {
    await harness.chat("hello", { conversation: "dm", user: ANN });
    for (const text of ["/memory off", "/status of my divorce", "/reset and forget my illness"]) {
      harness.advance("1s");
      await harness.chat(text, { conversation: "dm", user: ANN });
    }
    await forget(true);
    expect(await stored()).not.toMatch(/divorce|illness/);
    expect(await stored()).toContain("memory off");
  });

  const stored = async () => JSON.stringify(await allRows(harness));

  async function talk(): Promise<void> {
    await harness.chat("My name is Ann. I live in Lisbon", { conversation: "dm", user: ANN });
    harness.advance("1s");
    await harness.chat("/reset", { conversation: "dm", user: ANN });
    const group = { conversation: "g", chatType: "group" } as const;
    await harness.chat("I like Fado, says she", { ...group, user: ANN });
    harness.advance("1s");
    await harness.chat("I live in Porto, says he", { ...group, user: BOB });
  }

  it("says first what there is, and changes nothing", async () => {
    await talk();
    const before = await stored();
    expect(await forget(false)).toMatchObject({
      ...{ acted: false, sessions: 2, live: 1, turns: 2, hooksDiscarded: 0, dlqMessages: 0 },
      providers: [
        { provider: "crm", status: "can't", detail: expect.stringContaining("by hand") },
        { provider: "builtin", status: "would erase" },
      ],
    });
    expect(await stored()).toBe(before);
  });

  it("erases words, name and memories everywhere, and leaves what others said; counts still match", async () => {
    await talk();
    expect(await stored()).toContain("Lisbon");
    const report = await forget(true);
    expect(report).toMatchObject({ acted: true, sessions: 2, turns: 2 });
    expect(report.providers).toMatchObject([{ status: "can't" }, { status: "erased" }]);
    const left = await stored();
    for (const word of ["Lisbon", "Fado", "My name", "Ann"]) expect(left).not.toContain(word);
    expect(left).toContain("Porto");

    harness.advance("1s");
    await harness.chat("/reset", { conversation: "g", chatType: "group", user: BOB });
    const [group] = (await sessionRows(harness, "g")).filter(({ status }) => status === "ended");
    expect(group?.turns).toBe(2);
    const delivered = harness.delivered().find(({ session }) => session === group?.session);
    expect(JSON.stringify(delivered)).toContain("Porto");
    expect(JSON.stringify(delivered)).not.toContain("Fado");
    expect(await forget(true)).toMatchObject({ sessions: 0, turns: 0 });
  });

  it("keeps what is not delivered yet from being delivered, unless others spoke in it", async () => {
    harness.provider.setMode(401);
    await talk();
    harness.advance("1s");
    await harness.chat("/reset", { conversation: "g", chatType: "group", user: BOB });
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead" }, { status: "dead" }]);
    expect(await forget(true)).toMatchObject({ hooksDiscarded: 1, hooksKept: 1 });
    const hooks = await hookRows(harness, "crm");
    expect(hooks.map(({ status }) => status).toSorted()).toEqual(["dead", "skipped"]);
    harness.provider.setMode("ok");
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(JSON.stringify(harness.provider.effects)).not.toMatch(/Lisbon|Fado/);
    expect(JSON.stringify(harness.provider.effects)).toContain("Porto");
  });

  it("is written down without a word that names the user", async () => {
    await talk();
    await forget(true);
    const { records } = await listRecords(tools().services, "AUDIT", auditEntrySchema, { limit: 10 });
    expect(records).toHaveLength(2);
    expect(records.map(({ action }) => action).toSorted()).toEqual(["forget", "inbound discard"]);
    expect(JSON.stringify(records)).not.toMatch(/ann\b/i);
  });
});

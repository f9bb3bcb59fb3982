import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ForgetTools, forgetUser } from "../../lib/operator/forget/forgetUser.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { tableMemoryStore } from "../../lib/store/memories.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows } from "../harness/rows.ts";
import { operatorTools } from "./operatorTools.ts";

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite|SendMessage|DeleteMessage)/;

describe("forgetting that is killed", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ groups: "shared" });
  });
  afterEach(() => harness.stop());

  /** The chats in which a provider, whose memory is elsewhere, was asked to forget, by user. */
  const forgotten = new Map<string, Set<string>>();

  function tools(isDown = false): ForgetTools {
    const { config } = harness.services;
    const elsewhere: Awaited<ReturnType<(typeof config.memory)[string]["create"]>> = {
      capabilities: { idempotency: "upsert" },
      onSessionEnd: () => Promise.reject(new Error("nothing is delivered here")),
      async forget({ user, chat }) {
        if (isDown) throw new Error("the provider is down");
        forgotten.set(user.id, (forgotten.get(user.id) ?? new Set()).add(chat.id));
      },
    };
    const [crm] = Object.values(config.memory);
    if (!crm) throw new Error("the world has a provider");
    return {
      ...operatorTools(harness),
      config: { ...config, memory: { ...config.memory, elsewhere: { ...crm, create: () => elsewhere } } },
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
    };
  }

  /** Forgets; the process is killed before its write of that number. Answers whether it came so far. */
  async function forget(user: string, killedAt = Number.POSITIVE_INFINITY): Promise<boolean> {
    let writes = 0;
    const step = () => {
      if (writes++ >= killedAt) throw new Error("killed");
    };
    const kill = (commandName = "") => WRITES.test(commandName) && step();
    const { client } = harness.operatorTable;
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          kill(commandName);
          return next(args);
        },
      { step: "initialize", name: "killer" },
    );
    harness.operatorQueues.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          kill(commandName);
          return next(args);
        },
      { step: "initialize", name: "killer" },
    );
    try {
      await forgetUser(tools(), { platform: "http", user }, { who: "op@test", act: true });
      return false;
    } catch (error) {
      expect(error).toMatchObject({ message: "killed" });
      return true;
    } finally {
      client.middlewareStack.remove("killer");
      harness.operatorQueues.middlewareStack.remove("killer");
    }
  }

  /** A direct chat that a message of the agent's own ends, and a group in which another one speaks. */
  async function talk(id: string): Promise<void> {
    const user = { id, name: `Name-${id}` };
    await harness.chat(`I live in Lisbon, says ${id}`, { conversation: `dm-${id}`, user });
    harness.advance("1s");
    await harness.chat(`Remember Lisbon, ${id}`, { conversation: `dm-${id}`, role: "assistant", user: null });
    harness.advance("1s");
    const group = { conversation: `g-${id}`, chatType: "group" } as const;
    await harness.chat(`I like Fado, says ${id}`, { ...group, user });
    harness.advance("1s");
    await harness.chat(`I live in Porto, I am no ${id}`, { ...group, user: { id: "bob" } });
    harness.advance("1s");
    await harness.chat("/reset", { conversation: `dm-${id}`, user });
    await harness.chat("/reset", { ...group, user: { id: "bob" } });
  }

  it("goes on in another run, before whichever write it was killed", { timeout: 180_000 }, async () => {
    harness.provider.setMode(401);
    let kills = 0;
    for (let isKilled = true; isKilled; kills++) {
      const id = `u${kills}`;
      await talk(id);
      isKilled = await forget(id, kills);
      if (isKilled) expect(await forget(id)).toBe(false);
      const left = JSON.stringify(await allRows(harness));
      expect(left, `killed before write ${kills}`).not.toMatch(
        new RegExp(`Lisbon, says ${id}|Lisbon, ${id}"|Fado, says ${id}"|Name-${id}`),
      );
      expect(left).toContain(`I am no ${id}`);
      expect(forgotten.get(id), `killed before write ${kills}`).toEqual(new Set([`dm-${id}`, `g-${id}`]));
      const [direct] = (await hookRows(harness, "crm")).filter(({ conversation }) => conversation.includes(`dm-${id}`));
      expect(direct?.status, `killed before write ${kills}`).toBe("skipped");
    }
    expect(kills).toBeGreaterThan(8);
  });

  it("is found by the user's id for as long as a provider has not forgotten", async () => {
    await talk("ann");
    const first = await forgetUser(tools(true), { platform: "http", user: "ann" }, { who: "op@test", act: true });
    expect(first.providers.find(({ provider }) => provider === "elsewhere")?.status).toBe("failed");
    expect(await forget("ann")).toBe(false);
    expect(forgotten.get("ann")).toEqual(new Set(["dm-ann", "g-ann"]));
    const turns = (await allRows(harness)).filter(({ kind }) => kind === "turn");
    expect(JSON.stringify(turns)).not.toContain('"id":"ann"');
  });
});

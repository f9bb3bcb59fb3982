import { beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../../../lib/adapter/errors.ts";
import type { EndedSession, ProviderCall, RecallQuery } from "../../../../lib/adapter/MemoryProvider.ts";
import { packVector } from "../../../../lib/adapter/packVector.ts";
import { strictFields } from "../../../../lib/adapter/schema/strictFields.ts";
import type { Patience } from "../../../../lib/adapter/Toolbox.ts";
import { callOf, recallQuery, sessionSaying } from "../../../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../../../lib/domain/json.ts";
import { builtin } from "../../../../lib/memory/builtin/builtin.ts";

/** What texts are about, as far as this stub knows: a direction each. */
const TOPICS = [/lisbon|home|flat/i, /tea|drink/i, /nurse|earn/i];

const directionOf = (text: string) => [...TOPICS.map((topic) => (topic.test(text) ? 1 : 0)), 0.1];

describe("builtin with embeddings", () => {
  let asked: { readonly texts: readonly string[]; readonly patience: Patience }[];
  let fails: (() => Promise<never>) | undefined;
  let services: ReturnType<typeof testServices>;
  beforeEach(() => {
    asked = [];
    fails = undefined;
    services = testServices();
  });

  const stub = defineAdapter("embeddings", "stub", strictFields({}), () => ({
    space: "stub",
    async embed(texts, patience) {
      asked.push({ texts, patience });
      await fails?.();
      return texts.map((text) => packVector(directionOf(text)));
    },
  }));
  const provider = (options = {}) => builtin({ embeddings: stub(), ...options }).create(services);
  const end = (session: EndedSession, changes: Partial<ProviderCall> = {}, options = {}) =>
    provider(options).onSessionEnd(session, callOf(session, changes));
  const recall = async (text: string, changes: Partial<RecallQuery> = {}) =>
    (await provider().recall?.(recallQuery({ text, ...changes }), AbortSignal.timeout(1_000)))?.map(
      (memory) => memory.text,
    );
  const rows = () => [...services.memories.scopes.values()].flatMap((scope) => [...scope.values()]);

  const FACTS = sessionSaying("I live in Lisbon. I like tea. I work as a nurse.");

  it("finds by what the question means what has none of its words", async () => {
    await end(FACTS);
    expect((await recall("Is my flat far away?"))?.[0]).toBe("Lives in Lisbon");
    expect((await recall("What could I drink?"))?.[0]).toBe("Likes tea");
    expect((await recall("How much do I earn?"))?.[0]).toBe("Works as a nurse");
  });

  it("has the name within what is recalled, however much else is nearer", async () => {
    await end(sessionSaying("My name is Ana. I live in Lisbon. I like tea. I work as a nurse."));
    expect(await recall("A drink in the flat of a nurse", { limit: 3 })).toEqual([
      expect.any(String),
      "Name: Ana",
      expect.stringContaining("Last talked"),
    ]);
  });

  it("makes vectors of facts alone, once a session", async () => {
    await end(FACTS);
    expect(asked.map(({ texts }) => texts.toSorted())).toEqual([["Likes tea", "Lives in Lisbon", "Works as a nurse"]]);
    expect(rows().map(({ kind, vector }) => [kind, vector?.space])).toEqual(
      expect.arrayContaining([
        ["fact", "stub"],
        ["summary", undefined],
      ]),
    );
  });

  it("asks for none where there is nothing to find, and for none of a message without words", async () => {
    await end(sessionSaying("Hello"));
    await recall(" ");
    await recall("");
    expect(asked).toEqual([]);
  });

  it("recalls by words where the vector fails, says so in the log, and leaves a part of the time for it", async () => {
    await end(FACTS);
    fails = () => Promise.reject(new DeliveryError("throttled", "too fast"));
    expect((await recall("Do I live in Lisbon?", { timeout: 800 }))?.[0]).toBe("Lives in Lisbon");
    expect(asked.at(-1)?.patience.timeout).toBe(600);
    expect(services.logged).toContainEqual({ event: "recall.by-words", fields: { space: "stub", kind: "throttled" } });
  });

  it("recalls by words in time where the embeddings listen to no limit", async () => {
    await end(FACTS);
    fails = () => new Promise(() => {});
    expect((await recall("Do I live in Lisbon?", { timeout: 200 }))?.[0]).toBe("Lives in Lisbon");
    expect(services.logged).toContainEqual({ event: "recall.by-words", fields: { space: "stub", kind: "timeout" } });
  });

  it.each<[string, (texts: readonly string[]) => unknown]>([
    ["fewer vectors than texts", () => [new Uint8Array(4)]],
    ["more", (texts) => [...texts, ""].map(() => new Uint8Array(4))],
    ["lists of numbers", (texts) => texts.map(() => [1, 2])],
  ])("takes embeddings that make %s for a bug, tells what they must make, and writes nothing", async (_, make) => {
    const odd = defineAdapter("embeddings", "odd", strictFields({}), () => ({
      space: "odd",
      embed: async (texts) => make(texts) as Uint8Array[],
    }));
    const failure = end(FACTS, {}, { embeddings: odd() });
    await expect(failure).rejects.toThrow('embed() of "odd" must make a Uint8Array of each of 3 texts');
    expect(rows()).toEqual([]);
  });

  it("hides no bug of the embeddings behind the words", async () => {
    await end(FACTS);
    fails = () => Promise.reject(new TypeError("x is not a function"));
    await expect(recall("Do I live in Lisbon?")).rejects.toThrow("x is not a function");
  });

  it("L7 fails the delivery when no vectors can be made, and has written nothing", async () => {
    const failure = new DeliveryError("throttled", "too fast");
    fails = () => Promise.reject(failure);
    await expect(end(FACTS)).rejects.toBe(failure);
    expect(rows()).toEqual([]);
  });

  it("has the vectors of eight users made at once, as a delivery has one time for a whole group", async () => {
    let [now, most] = [0, 0];
    const slow = defineAdapter("embeddings", "slow", strictFields({}), () => ({
      space: "slow",
      async embed(texts) {
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        now--;
        return texts.map((text) => packVector(directionOf(text)));
      },
    }));
    const users = Array.from({ length: 20 }, (_, index) => ({ id: `u-${index}` }));
    const messages = users.map((author, at) => ({ role: "user" as const, content: "I like tea.", author, at }));
    const receipt = await end({ ...FACTS, users, messages }, {}, { embeddings: slow() });
    expect([most, receipt.body]).toEqual([8, "40 memories of 20 users"]);
  });

  it("fails once all that is under way is written, and begins no more, when one of eight users fails", async () => {
    const users = Array.from({ length: 12 }, (_, index) => ({ id: `u-${index}` }));
    const messages = users.map((author, at) => ({ role: "user" as const, content: "I like tea.", author, at }));
    const put = services.memories.put;
    let [begun, written] = [0, 0];
    services.memories.put = async (scope, own) => {
      if (++begun === 2) throw new DeliveryError("throttled", "the second");
      for (let turn = 0; turn < begun; turn++) await new Promise(setImmediate);
      if (begun === 8 && written === 6) throw new DeliveryError("transient", "the last");
      await put(scope, own);
      written++;
    };
    const failed = end({ ...FACTS, users, messages });
    await expect(failed).rejects.toMatchObject({ kind: "throttled", message: "the second" });
    expect([begun, written]).toEqual([8, 6]);
  });

  it("asks the model once, and keeps no vectors in the checkpoint, when the vectors fail at first", async () => {
    let complete = 0;
    const model = defineAdapter("model", "stub", strictFields({}), () => ({
      async complete() {
        complete++;
        const input = { facts: [{ text: "Wohnt in Lisbon", message: 1 }] };
        return { text: "", model: "stub", calls: [{ id: "1", name: "remember", input }] };
      },
    }))();
    let kept: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      kept = value;
    };
    fails = () => Promise.reject(new DeliveryError("transient", "away"));
    await expect(end(FACTS, { saveCheckpoint }, { model })).rejects.toThrow("away");
    expect(JSON.stringify(kept)).not.toContain("vector");
    fails = undefined;
    await end(FACTS, { saveCheckpoint, checkpoint: kept }, { model });
    expect(complete).toBe(1);
    expect(rows()).toMatchObject([{ text: "Wohnt in Lisbon", vector: { space: "stub" } }]);
  });

  it("finds what was learnt before there were embeddings by its words, beside the rest", async () => {
    const [one, two] = [sessionSaying("I live in Lisbon."), sessionSaying("I like tea.")];
    await builtin().create(services).onSessionEnd(one, callOf(one));
    await end({ ...two, session: "s-2" });
    expect((await recall("Something to drink in lisbon"))?.slice(0, 2)).toEqual(["Lives in Lisbon", "Likes tea"]);
  });

  it("P10 leaves the same when a session is delivered again", async () => {
    await end(FACTS);
    const before = structuredClone(rows());
    await end(FACTS);
    expect(rows()).toEqual(before);
  });
});

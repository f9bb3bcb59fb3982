import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { EndedSession } from "../../../lib/adapter/MemoryProvider.ts";
import type { MemoryRow, MemoryStore } from "../../../lib/adapter/MemoryStore.ts";
import { mapMemoryStore } from "../../../lib/adapter/testing/mapMemoryStore.ts";
import { callOf, endedSession, recallQuery } from "../../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { tableMemoryStore } from "../../../lib/store/memories.ts";
import { tableClient } from "../../../verification/mutation/modelClients.ts";
import { ModelTable } from "../../../verification/simulation/aws/ModelTable.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const DAY = 86_400_000;

const fact = (number: number, at = number): MemoryRow => ({ id: `fact:${number}`, kind: "fact", text: "x", at });

const SUMMARY: MemoryRow = { id: "summary", kind: "summary", text: "last", at: 0 };

describe("tableMemoryStore", () => {
  let model: ModelTable;
  let store: MemoryStore;
  let read: number;
  let before: (command: object) => void;
  let logged: object[];
  beforeEach(() => {
    read = 0;
    logged = [];
    before = () => {};
    // Pages of some rows; reads without consistency are old.
    const behaviour = { indexLag: () => 0, staleRead: () => true, leavesOut: () => false, pageSize: 50 };
    model = new ModelTable(behaviour, (_, run) => run());
    const client = tableClient(model);
    const { send } = client;
    Object.assign(client, {
      send: async (command: object) => {
        before(command);
        const answer = await Reflect.apply(send, client, [command]);
        read += answer.Items?.length ?? 0;
        return answer;
      },
    });
    const log = { ...testServices().log, warn: (...line: readonly unknown[]) => void logged.push(line) };
    store = tableMemoryStore({ client, name: "table" }, { now: () => NOW, until: async () => {} }, log);
  });
  const put = (row: object) =>
    void model.execute(new PutCommand({ TableName: "table", Item: { pk: "MEMORY#s", ...row } }));
  const peek = (number: number) => model.peek("MEMORY#s", `fact:${number}`);

  it("lists the newest rows of each kind, newest first, lets no kind push out another, and the fake does the same", async () => {
    const fake = mapMemoryStore();
    for (const each of [store, fake]) {
      await each.put("s", [SUMMARY, fact(3), fact(1), fact(2)]);
      expect((await each.list("s", 2)).map(({ id }) => id)).toEqual(["fact:3", "fact:2", "summary"]);
      expect(await each.list("s", 0)).toEqual([]);
      expect(await each.list("other", 2)).toEqual([]);
    }
    expect(await store.list("s", 9)).toEqual(await fake.list("s", 9));
  });

  it("P10 replaces no row by an older one, and lets one of two of the same time win, whichever comes last", async () => {
    const texts = async (...rows: readonly MemoryRow[]) => {
      await store.clear("s");
      for (const row of rows) await store.put("s", [row]);
      return (await store.list("s", 1)).map(({ text }) => text);
    };
    const [a, b] = [
      { ...SUMMARY, text: "a" },
      { ...SUMMARY, text: "b" },
    ];
    expect(await texts({ ...a, at: 2 }, { ...b, at: 1 })).toEqual(["a"]);
    expect(await texts({ ...b, at: 1 }, { ...a, at: 2 })).toEqual(["a"]);
    expect([await texts(a, b), await texts(b, a)]).toEqual([["b"], ["b"]]);
  });

  it("keeps 200 rows of a kind and leaves the older ones to TTL, in whatever order they come", async () => {
    const rows = Array.from({ length: 230 }, (_, number) => fact(number));
    await store.put("s", [...rows.slice(100), SUMMARY]);
    expect(peek(100)).not.toHaveProperty("expiresAt");
    await store.put("s", rows.slice(0, 100));
    expect(peek(29)).toMatchObject({ expiresAt: NOW / 1000 });
    expect(peek(30)).not.toHaveProperty("expiresAt");
    expect(model.peek("MEMORY#s", "summary")).not.toHaveProperty("expiresAt");
    expect(await store.list("s", 1_000)).toHaveLength(201);

    // Learnt anew: it is one of the newest.
    await store.put("s", [fact(29, 1_000)]);
    expect(peek(29)).not.toHaveProperty("expiresAt");
    expect(peek(30)).toMatchObject({ expiresAt: NOW / 1000 });
    expect((await store.list("s", 1))[0]).toEqual(fact(29, 1_000));
  });

  it("does not give up a row that is learnt anew at that very moment, and leaves what is given up already", async () => {
    await store.put(
      "s",
      Array.from({ length: 200 }, (_, number) => fact(number + 1)),
    );
    put({ sk: "fact:0", ...fact(0) });
    put({ sk: "fact:-1", ...fact(-1), expiresAt: 7 });
    before = (command) => {
      if (command instanceof UpdateCommand) put({ sk: "fact:0", ...fact(0, 5_000) });
    };
    await store.put("s", []);
    expect(peek(0)).toMatchObject({ at: 5_000 });
    expect(peek(0)).not.toHaveProperty("expiresAt");
    expect(peek(-1)).toMatchObject({ expiresAt: 7 });
  });

  it.each([
    ["is no vector", "words"],
    ["has no space", { packed: new Uint8Array(4) }],
    ["has a list in place of its bytes", { space: "s", packed: [1, 2] }],
  ])("hides no memory, and erases them all, where the vector of one %s", async (_, vector) => {
    put({ sk: "fact:1", ...fact(1), vector });
    await store.put("s", [fact(2)]);
    expect(await store.list("s", 9)).toMatchObject([fact(2), fact(1)]);
    await store.clear("s");
    expect(await store.list("s", 9)).toEqual([]);
  });

  describe.each([
    ["no text", { id: "fact:1", kind: "fact", at: 1 }],
    ["a text that is a number", { ...fact(1), text: 7 }],
    ["no time", { id: "fact:1", kind: "fact", text: "secret words" }],
    ["no id", { kind: "fact", text: "secret words", at: 1 }],
  ])("where a row has %s", (_, row) => {
    beforeEach(() => put({ sk: "fact:1", ...row }));

    it("hides no other, and the log names it, without its words", async () => {
      await store.put("s", [fact(2), SUMMARY]);
      logged.length = 0;
      expect(await store.list("s", 9)).toEqual([fact(2), SUMMARY]);
      expect(logged).toEqual([["memory.unreadable", { key: "fact:1" }]]);
    });

    it("neither counts it nor gives it up", async () => {
      await store.put(
        "s",
        Array.from({ length: 200 }, (_, number) => fact(number + 2)),
      );
      expect(await store.list("s", 200)).toHaveLength(200);
      expect(peek(1)).not.toHaveProperty("expiresAt");
      expect(peek(2)).not.toHaveProperty("expiresAt");
    });

    it("replaces it by what is learnt of the same", async () => {
      await store.put("s", [fact(1, 2)]);
      expect(await store.list("s", 9)).toEqual([fact(1, 2)]);
    });

    it("forgets it with the others", async () => {
      await store.put("s", [fact(2)]);
      await store.clear("s");
      expect([...model.items()]).toEqual([]);
    });
  });

  it("L22 recalls after 250 sessions what was said first, and reads no more for them", async () => {
    const provider = builtin().create({ ...testServices(), memories: store });
    const end = (session: EndedSession) => provider.onSessionEnd(session, callOf(session));
    const said = (number: number, ...contents: readonly string[]) => {
      const at = NOW + number * DAY;
      const messages = contents.map((content) => ({ role: "user" as const, content, author: { id: "u-ana" }, at }));
      return endedSession({ session: `s-${number}`, startedAt: at, endedAt: at + 1, messages });
    };
    await end(said(0, "My name is Ana."));
    for (let number = 1; number <= 250; number++) await end(said(number, "What is new?"));

    const query = recallQuery({ text: "", limit: 10 });
    read = 0;
    expect(await provider.recall?.(query, AbortSignal.timeout(1_000))).toMatchObject([
      { text: "Name: Ana" },
      { text: expect.stringContaining("What is new?") },
    ]);
    expect(read).toBe(2);

    // Much that is new in each: of that, too, no more is read than is kept, once TTL has been there.
    for (let number = 251; number <= 260; number++) {
      await end(said(number, ...Array.from({ length: 50 }, (_, one) => `I like tea ${number} ${one}.`)));
    }
    for (const { pk, sk, expiresAt } of [...model.items()]) if (expiresAt) model.expire(String(pk), String(sk));
    read = 0;
    expect(await provider.recall?.(query, AbortSignal.timeout(1_000))).toHaveLength(10);
    expect(read).toBe(201);
  });
});

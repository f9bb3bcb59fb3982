import assert from "node:assert/strict";
import type { Memory, RecallQuery } from "../MemoryProvider.ts";
import { deliver, type MemoryFixture } from "./MemoryFixture.ts";
import { endedSession, recallQuery } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What Ana is told; nothing where the provider does not recall. */
export async function recalled(
  { provider }: MemoryFixture,
  changes: Partial<RecallQuery> = {},
): Promise<readonly Memory[]> {
  return (await provider.recall?.(recallQuery(changes), AbortSignal.timeout(2_000))) ?? [];
}

/** What a memory provider that recalls must do besides. */
export function recallConformance(runner: TestRunner, makeFixture: () => Promise<MemoryFixture>): void {
  const test = testsWith(runner, makeFixture);
  runner.describe("recalling", () => {
    test("recalls what was said", async (fixture) => {
      await deliver(fixture, endedSession());
      assert.match(JSON.stringify(await recalled(fixture)), /Ana/);
    });

    test("recalls nothing for another tenant", async (fixture) => {
      await deliver(fixture, endedSession());
      assert.deepEqual(await recalled(fixture, { tenant: "globex" }), []);
    });

    test("recalls nothing for another user", async (fixture) => {
      await deliver(fixture, endedSession());
      assert.deepEqual(await recalled(fixture, { user: { id: "u-bea" } }), []);
    });

    test("recalls nothing in a group of what was said in a direct message", async (fixture) => {
      await deliver(fixture, endedSession());
      assert.deepEqual(await recalled(fixture, { chat: { id: "g-1", type: "group" } }), []);
    });

    test("recalls in a group for each user only what they said themselves", async (fixture) => {
      const chat = { id: "g-1", type: "group" } as const;
      const [ana, bea] = [{ id: "u-ana" }, { id: "u-bea" }];
      const { startedAt: at } = endedSession();
      await deliver(
        fixture,
        endedSession({
          chat,
          users: [ana, bea],
          messages: [
            { role: "user", content: "My name is Ana.", author: ana, at },
            { role: "user", content: "My name is Bea.", author: bea, at: at + 1 },
          ],
        }),
      );
      assert.match(JSON.stringify(await recalled(fixture, { chat, user: ana })), /^(?!.*Bea).*Ana/);
      assert.match(JSON.stringify(await recalled(fixture, { chat, user: bea })), /^(?!.*Ana).*Bea/);
    });

    test("recalls no more than the limit", async (fixture) => {
      await deliver(fixture, endedSession());
      for (const limit of [0, 1, 2]) assert.ok((await recalled(fixture, { limit })).length <= limit, `limit ${limit}`);
    });

    test("stops recalling when told to", async (fixture) => {
      fixture.server?.setMode("hang");
      const late = AbortSignal.abort(new Error("too late"));
      await assert.rejects(async () => fixture.provider.recall?.(recallQuery(), late));
    });
  });
}

import assert from "node:assert/strict";
import { deliver, type MemoryFixture } from "./MemoryFixture.ts";
import { recalled } from "./recallConformance.ts";
import { endedSession, recallQuery } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a memory provider that forgets must do besides. */
export function forgetConformance(runner: TestRunner, makeFixture: () => Promise<MemoryFixture>): void {
  const test = testsWith(runner, makeFixture);
  runner.describe("forgetting", () => {
    test("forgets a user when asked", async (fixture) => {
      await deliver(fixture, endedSession());
      await fixture.provider.forget?.(recallQuery());
      assert.deepEqual(await recalled(fixture), []);
      assert.ok(!JSON.stringify(await fixture.stored()).includes("Lisbon"), "what they said is there");
    });

    test("forgets a user whom it does not know, or has forgotten, without an error", async (fixture) => {
      await fixture.provider.forget?.(recallQuery());
      await deliver(fixture, endedSession());
      for (const _ of [1, 2]) await fixture.provider.forget?.(recallQuery());
    });

    test("forgets nothing of another user, tenant or chat", async (fixture) => {
      await deliver(fixture, endedSession());
      const stored = await fixture.stored();
      for (const other of [
        { user: { id: "u-bea" } },
        { tenant: "globex" },
        { chat: { id: "g-1", type: "group" } as const },
      ]) {
        await fixture.provider.forget?.(recallQuery(other));
      }
      assert.deepEqual(await fixture.stored(), stored);
    });
  });
}

import assert from "node:assert/strict";
import { deliver, type MemoryFixture, type ProviderHas } from "./MemoryFixture.ts";
import { endedSession } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a memory provider must make of a repeated delivery, where it or its service knows one. */
export function repetitionConformance(
  runner: TestRunner,
  makeFixture: () => Promise<MemoryFixture>,
  { idempotency }: Pick<ProviderHas, "idempotency">,
): void {
  const test = testsWith(runner, makeFixture);

  test("gives a session that is delivered twice one effect", async (fixture) => {
    await deliver(fixture, endedSession());
    const once = await fixture.stored();
    await deliver(fixture, endedSession(), { attempt: 2 });
    assert.deepEqual(await fixture.stored(), once);
  });

  // Who looks first finds nothing yet; the hook's lease keeps two deliveries apart.
  if (idempotency === "read-back") return;

  test("gives two deliveries at once one effect, as its service knows a repetition by itself", async (fixture) => {
    await deliver(fixture, endedSession());
    const once = await fixture.stored();
    const other = await makeFixture();
    try {
      await Promise.all([1, 2].map((attempt) => deliver(other, endedSession(), { attempt })));
      assert.deepEqual(await other.stored(), once);
    } finally {
      await other.close();
    }
  });
}

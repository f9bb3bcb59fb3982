import assert from "node:assert/strict";
import { DeliveryError } from "../errors.ts";
import { confirmConformance } from "./confirmConformance.ts";
import { forgetConformance } from "./forgetConformance.ts";
import { deliver, type MemoryFixture, type ProviderHas } from "./MemoryFixture.ts";
import { memoryServerConformance } from "./memoryServerConformance.ts";
import { recallConformance, recalled } from "./recallConformance.ts";
import { repetitionConformance } from "./repetitionConformance.ts";
import { endedSession, sessionSaying } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/**
 * What every memory provider must do, whatever its service. Run it for an adapter of your own:
 * `memoryProviderConformance({ describe, it }, "mine", async () => ({ … }), { server: true, idempotency: "upsert", … })`.
 *
 * @param runner `describe` and `it` of vitest, jest or node:test
 * @param has what the provider has; tests of what it lacks are left out
 */
export function memoryProviderConformance(
  runner: TestRunner,
  name: string,
  makeFixture: () => Promise<MemoryFixture>,
  has: ProviderHas,
): void {
  const test = testsWith(runner, makeFixture);
  runner.describe(`memory provider ${name}`, () => {
    test("is what the suite was told", async ({ provider: { capabilities, recall, forget, confirm } }) => {
      const { server: _, ...told } = { confirm: false, ...has };
      const is = { recall: !!recall, forget: !!forget, confirm: !!confirm, idempotency: capabilities.idempotency };
      assert.deepEqual(is, told);
    });

    test("stores a session and hands back a receipt", async (fixture) => {
      const before = await fixture.stored();
      const receipt = await deliver(fixture, endedSession());
      assert.ok(typeof receipt === "object" && receipt !== null, "the receipt must be an object");
      assert.notDeepEqual(await fixture.stored(), before);
    });

    test("keeps the same user under two tenants apart", async (fixture) => {
      await deliver(fixture, endedSession());
      const one = await fixture.stored();
      await deliver(fixture, endedSession({ tenant: "globex" }));
      assert.notDeepEqual(await fixture.stored(), one);
    });

    test("takes a message without an author, and puts it under no other user", async (fixture) => {
      const session = endedSession();
      const messages = session.messages.map(({ author: _, ...message }) => message);
      await deliver(fixture, { ...session, users: [], messages });
      assert.deepEqual(await recalled(fixture), []);
    });

    test("keeps every script, emoji and half of a character readable", async (fixture) => {
      await deliver(fixture, sessionSaying("My name is Zoë 李 👩‍👩‍👧 \ud800 نور"));
      const stored = JSON.stringify(await fixture.stored());
      for (const word of ["Zoë", "李", "👩‍👩‍👧", "نور"]) assert.ok(stored.includes(word), `${word} is not stored`);
    });

    test("takes a message without words", async (fixture) => {
      await deliver(fixture, sessionSaying(""));
    });

    test("takes a session of two megabytes, or refuses it for good", async (fixture) => {
      const [first] = endedSession().messages;
      if (!first) throw new Error("the sample session has no message");
      const messages = Array.from({ length: 400 }, (_, i) => ({ ...first, content: `${i} ${"long ".repeat(1_000)}` }));
      try {
        // It may be many calls.
        await deliver(fixture, endedSession({ messages, turns: messages.length }), { timeout: 20_000 });
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        assert.equal(error.kind, "invalid");
      }
    });

    if (has.idempotency !== "none") repetitionConformance(runner, makeFixture, has);
    if (has.confirm) confirmConformance(runner, makeFixture);
    if (has.recall) recallConformance(runner, makeFixture);
    if (has.forget) forgetConformance(runner, makeFixture);
    if (has.server) memoryServerConformance(runner, makeFixture, has);
  });
}

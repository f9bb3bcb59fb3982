import assert from "node:assert/strict";
import type { Json } from "../../domain/json.ts";
import { DeliveryError } from "../errors.ts";
import type { Confirmation, ProviderCall } from "../MemoryProvider.ts";
import { assertFields, assertNotIn, failureOf } from "./failureOf.ts";
import { deliver, type MemoryFixture, type Work } from "./MemoryFixture.ts";
import { SERVER_FAILURES, serverOf } from "./serverFailures.ts";
import { callOf, endedSession } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a memory provider must do besides whose service takes a session first, and works on it later. */
export function confirmConformance(runner: TestRunner, makeFixture: () => Promise<MemoryFixture>): void {
  const test = testsWith(runner, makeFixture);
  runner.describe("confirming", () => {
    test("says accepted, by what survives JSON, and working for as long as its service works", async (fixture) => {
      const { send, ask } = begun(fixture);
      const before = await fixture.stored();
      workOf(fixture).hold();
      const receipt = await send();
      assert.deepEqual(JSON.parse(JSON.stringify(receipt.accepted ?? null)), receipt.accepted);
      for (let times = 0; times < 2; times++) assert.deepEqual(await ask(), { outcome: "working" });
      assert.deepEqual(await fixture.stored(), before, "nothing may be stored yet");
    });

    test("says stored, with a receipt, once its service has stored it, as often as it is asked", async (fixture) => {
      const { send, ask } = begun(fixture);
      workOf(fixture).hold();
      await send();
      workOf(fixture).finish();
      const once = await fixture.stored();
      for (let times = 0; times < 2; times++) {
        const answer = await ask();
        assert.ok(answer.outcome === "stored" && typeof answer.receipt === "object", `it said ${answer.outcome}`);
      }
      assert.deepEqual(await fixture.stored(), once, "to ask may change nothing");
    });

    for (const end of ["fail", "lose"] as const) {
      const what = end === "fail" ? "that failed" : "of which its service knows nothing any more";
      test(`says that a session has failed ${what}, and stores it when it is sent again`, async (fixture) => {
        const { send, ask } = begun(fixture);
        workOf(fixture).hold();
        await send();
        workOf(fixture)[end]();
        const answer = await ask();
        assert.equal(answer.outcome, "failed");
        assert.ok(answer.outcome === "failed" && answer.error instanceof DeliveryError, "it must say why");
        assertNotIn(answer.error, fixture.secrets);

        const { accepted } = await send();
        if (accepted !== undefined) assert.deepEqual(await ask(), { outcome: "working" });
        workOf(fixture).finish();
        if (accepted !== undefined) assert.equal((await ask()).outcome, "stored");
        assert.match(JSON.stringify(await fixture.stored()), /Lisbon/);
      });
    }

    test("has one effect when a session is sent again that its service still works on", async (fixture) => {
      const { send } = begun(fixture);
      // What is looked for first is not found before it is stored.
      if (fixture.provider.capabilities.idempotency !== "server-key") return;
      workOf(fixture).hold();
      await send();
      await send();
      workOf(fixture).finish();
      const once = (await fixture.stored()) as object;
      const other = await makeFixture();
      await begun(other).send();
      assert.deepEqual(once, await other.stored());
      await other.close();
    });

    for (const [title, { script, fields }] of Object.entries(SERVER_FAILURES)) {
      // A question may be repeated where a kept connection was stale.
      if (title.includes("broken connection")) continue;
      test(`throws when it can't be asked: ${title}`, async (fixture) => {
        const { send, ask } = begun(fixture);
        const server = serverOf(fixture);
        await send();
        const before = server.requests.length;
        script(server);
        const error = await failureOf(ask());
        assertFields(error, fields);
        assertNotIn(error, fixture.secrets);
        assert.ok(server.requests.length <= before + 1, "one question is one request: the queue owns retries");
      });
    }

    test("gives a hanging server up after the time limit when it is asked", async (fixture) => {
      const { send, ask } = begun(fixture);
      await send();
      serverOf(fixture).setMode("hang");
      const start = Date.now();
      assertFields(await failureOf(ask({ timeout: 60 })), { kind: "timeout", retry: true });
      assert.ok(Date.now() - start < 1_000, "it took a second or more");
    });
  });
}

function workOf({ work }: MemoryFixture): Work {
  if (!work) throw new Error("the suite was told that it confirms, but the fixture has no work");
  return work;
}

/** One session on its way, as the ledger keeps what the adapter leaves of it. */
function begun(fixture: MemoryFixture) {
  let attempt = 0;
  let checkpoint: Json | undefined;
  let accepted: Json | undefined;
  const saveCheckpoint = async (value: Json) => {
    checkpoint = JSON.parse(JSON.stringify(value));
  };
  return {
    async send() {
      const receipt = await deliver(fixture, endedSession(), { attempt: ++attempt, checkpoint, saveCheckpoint });
      accepted = receipt.accepted;
      return receipt;
    },
    async ask(changes: Partial<ProviderCall> = {}): Promise<Confirmation> {
      assert.ok(accepted !== undefined, "its receipt does not say accepted");
      const answer = await fixture.provider.confirm?.(
        JSON.parse(JSON.stringify(accepted)),
        callOf(endedSession(), { attempt: 1, checkpoint, saveCheckpoint, ...changes }),
      );
      assert.ok(answer, "it has no confirm");
      return answer;
    },
  };
}

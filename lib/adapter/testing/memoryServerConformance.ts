import assert from "node:assert/strict";
import type { ProviderCall } from "../MemoryProvider.ts";
import { deliver, type MemoryFixture, type ProviderHas } from "./MemoryFixture.ts";
import { expectFailure, SERVER_FAILURES, type ServerFailure, serverOf } from "./serverFailures.ts";
import { endedSession } from "./sessions.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a memory provider with a server of its own must make of the server's failures. */
export function memoryServerConformance(
  runner: TestRunner,
  makeFixture: () => Promise<MemoryFixture>,
  { idempotency }: Pick<ProviderHas, "idempotency">,
): void {
  const test = testsWith(runner, makeFixture);
  const fails = (fixture: MemoryFixture, failure: ServerFailure, changes: Partial<ProviderCall> = {}) =>
    expectFailure({ server: serverOf(fixture), secrets: fixture.secrets }, failure, () =>
      deliver(fixture, endedSession(), changes),
    );
  const failures: Readonly<Record<string, ServerFailure>> = {
    ...SERVER_FAILURES,
    "takes 400 as final": {
      script: (server) => server.failNext(1, 400),
      fields: { kind: "invalid", retry: false },
    },
    "takes a redirect as final, as somebody has to mend the address": {
      script: (server) => server.failNext(1, 307, { location: "/elsewhere" }),
      fields: { retry: false, status: 307 },
    },
  };
  runner.describe("against a server that fails", () => {
    for (const [title, failure] of Object.entries(failures)) test(title, (fixture) => fails(fixture, failure));

    const lose = (fixture: MemoryFixture) =>
      fails(fixture, {
        script: (server) => server.failNext(1, "lost-ack"),
        fields: { retry: true, outcome: "unknown" },
      });

    if (idempotency === "none") test("takes a lost acknowledgement as a failure with an unknown outcome", lose);
    else {
      test("takes a lost acknowledgement as a failure, and its retry ends as if nothing had been lost", async (fixture) => {
        await lose(fixture);
        await deliver(fixture, endedSession(), { attempt: 2 });
        const twice = await fixture.stored();
        const other = await makeFixture();
        try {
          await deliver(other, endedSession());
          assert.deepEqual(twice, await other.stored());
        } finally {
          await other.close();
        }
      });
    }

    test("knows that nobody who does not listen has done anything", async (fixture) => {
      await fixture.server?.close();
      await fails(fixture, { script: () => {}, fields: { kind: "transient", retry: true, outcome: "not-sent" } });
    });

    test("gives a hanging server up after the time limit", async (fixture) => {
      const start = Date.now();
      await fails(
        fixture,
        {
          script: (server) => server.setMode("hang"),
          fields: { kind: "timeout", retry: true, outcome: "unknown" },
        },
        { timeout: 60 },
      );
      assert.ok(Date.now() - start < 1_000, "it took a second or more");
    });

    test("stops when the function's time is over", async (fixture) => {
      const start = Date.now();
      await fails(
        fixture,
        { script: (server) => server.setMode("hang"), fields: { kind: "timeout", retry: true } },
        { signal: AbortSignal.timeout(40) },
      );
      assert.ok(Date.now() - start < 1_000, "it took a second or more");
    });
  });
}

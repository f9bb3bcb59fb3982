import assert from "node:assert/strict";
import type { DeliveryError } from "../errors.ts";
import { assertFields, assertNotIn, failureOf } from "./failureOf.ts";
import type { FaultServer } from "./faultServer.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/**
 * How a stream goes wrong after its first words. `reset`: the connection breaks. `early`: it ends, and nothing says that it is
 * whole. `hang`: nothing more comes for five seconds. `error`: the service says in it that it is overloaded.
 */
export type StreamBreak = "reset" | "early" | "hang" | "error";

/** What answers in a stream, in its surroundings. */
export interface StreamFixture {
  readonly server?: FaultServer;
  /** The next answer goes wrong so. It has words before. */
  breakNext?(how: StreamBreak): void;
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Asks for an answer. */
export type AskInStream<Fixture> = (
  fixture: Fixture,
  more: { readonly onText?: (text: string) => void; readonly timeout?: number },
) => Promise<{ readonly text: string }>;

const BREAKS: Readonly<Record<string, readonly [StreamBreak, Partial<DeliveryError>]>> = {
  "takes a stream whose connection breaks as passing": ["reset", { kind: "transient", retry: true }],
  "takes a stream that ends before its answer as passing, and never as a whole one": ["early", { retry: true }],
  "gives a stream up that stands still": ["hang", { kind: "timeout", retry: true }],
  "takes an error in a stream for what it is, and never for an answer": ["error", { retry: true }],
};

/** What an answer must do that comes in a stream. */
export function streamConformance<Fixture extends StreamFixture>(
  runner: TestRunner,
  makeFixture: () => Promise<Fixture>,
  ask: AskInStream<Fixture>,
): void {
  const test = testsWith(runner, makeFixture);
  runner.describe("answering in a stream", () => {
    test("tells its words as they come, and answers as in one piece", async (fixture) => {
      const whole = await ask(fixture, {});
      const texts: string[] = [];
      const start = Date.now();
      const times: number[] = [];
      const streamed = await ask(fixture, {
        onText: (text) => {
          texts.push(text);
          times.push(Date.now() - start);
        },
      });
      assert.deepEqual(streamed, whole);
      assert.ok(texts.length > 1, "the stream's words came all at once");
      assert.equal(texts.at(-1), whole.text);
      for (const [at, text] of texts.entries()) assert.ok(at === 0 || text.startsWith(texts[at - 1] ?? ""), text);
      const last = times.at(-1) ?? 0;
      assert.ok((times[0] ?? last) < last, "the words were told at the end, not as they came");
    });

    for (const [title, [how, fields]] of Object.entries(BREAKS)) {
      test(title, async (fixture) => {
        if (!fixture.breakNext) throw new Error("the suite was told of a stream, but the fixture has no breakNext");
        fixture.breakNext(how);
        const texts: string[] = [];
        const begun = Date.now();
        const error = await failureOf(ask(fixture, { onText: (text) => texts.push(text), timeout: 400 }));
        assertFields(error, fields);
        assertNotIn(error, fixture.secrets);
        assert.ok(texts.length > 0, "no words were told before");
        assert.ok(Date.now() - begun < 2_000, "it took two seconds or more");
        const told = texts.length;
        await new Promise((resolve) => setTimeout(resolve, 30));
        assert.equal(texts.length, told, "words were told after the end");
      });
    }
  });
}

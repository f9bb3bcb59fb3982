import assert from "node:assert/strict";
import type { Model, ModelRequest } from "../Model.ts";
import { assertFields, failureOf } from "./failureOf.ts";
import {
  expectModelFailure,
  MODEL_FAILURES,
  type ModelServerFixture,
  modelFailureConformance,
  PROMPT,
} from "./modelFailureConformance.ts";
import { type StreamBreak, streamConformance } from "./streamConformance.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** A model in its surroundings, made afresh for each test. */
export interface ModelFixture extends ModelServerFixture {
  readonly model: Model;
  /** What the service answers, for 11 tokens in and 7 out. */
  readonly answer: string;
  /** What the service was asked in each call that it answered, as JSON. */
  readonly calls: readonly unknown[];
  /** The next answer ends because it is as long as the service allows. */
  cutNext(): void;
  /** A content filter holds the next answer back. */
  filterNext(): void;
  /** For a model that answers in a stream when it is listened to: see `StreamBreak`. */
  breakNext?(how: StreamBreak): void;
  /** For a model that calls tools: the next answer is a call of these. */
  callNext?(...tools: readonly { readonly name: string; readonly input: object }[]): void;
  /** The metrics that were put. */
  readonly measured: readonly { readonly name: string; readonly value: number }[];
}

const TOOLS = ["town_weather", "town_time"].map((name) => ({
  name,
  description: "Of a town.",
  parameters: { type: "object", properties: { city: { type: "string" } } },
}));

/**
 * What every model must do, whatever its service. Run it for one of your own:
 * `modelConformance({ describe, it }, "mine", async () => ({ … }))`.
 *
 * @param runner `describe` and `it` of vitest, jest or node:test
 * @param has whether it answers in a stream when it is listened to, and calls tools
 */
export function modelConformance(
  runner: TestRunner,
  name: string,
  makeFixture: () => Promise<ModelFixture>,
  has: { readonly stream?: boolean; readonly tools?: boolean } = {},
): void {
  const test = testsWith(runner, makeFixture);
  runner.describe(`model ${name}`, () => {
    test("answers with its words, its name and the tokens that they used", async ({ model, answer }) => {
      const told = await ask(model);
      assert.equal(told.text, answer);
      assert.match(told.model, /./);
      assert.deepEqual(told.usage, { inputTokens: 11, outputTokens: 7 });
      assert.equal(told.isCut, undefined);
    });

    test("counts the tokens of each answer", async ({ model, measured }) => {
      await ask(model);
      assert.deepEqual(measured, [
        { name: "ModelInputTokens", value: 11 },
        { name: "ModelOutputTokens", value: 7 },
      ]);
    });

    test("passes on every word, in order, and the system's words apart from them", async ({ model, calls }) => {
      const said = ["Zoë 李 👩‍👩‍👧 نور", 'a "quote" \\ and\nlines', "the last"];
      const messages = said.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content }) as const);
      await ask(model, { messages });
      const words = wordsIn(calls[0]);
      assert.deepEqual(words.toSorted(), [...said, "Be kind."].toSorted());
      assert.deepEqual(
        words.filter((text) => said.includes(text)),
        said,
      );
    });

    test("says that an answer was cut", async ({ model, cutNext, answer }) => {
      cutNext();
      const told = await ask(model);
      assert.equal(told.text, answer);
      assert.equal(told.isCut, true);
    });

    test("takes what a content filter holds back as final", async ({ model, filterNext }) => {
      filterNext();
      assertFields(await failureOf(ask(model)), { kind: "invalid", retry: false });
    });

    modelFailureConformance(test, ({ model }, more) => ask(model, more));

    if (has.tools) {
      test("calls a tool where it must, and does not answer", async ({ model }) => {
        const { calls = [] } = await ask(model, { tools: TOOLS, mustCall: true });
        assert.deepEqual(
          calls.map((call) => call.name),
          ["town_weather"],
        );
      });
    }

    for (const onText of has.tools ? [undefined, ...(has.stream ? [() => {}] : [])] : []) {
      test(`calls tools${onText ? " in a stream" : ""}, and goes on with what came of it`, async (fixture) => {
        const { model, answer } = fixture;
        const input = { city: 'Zoë 李 "x"', days: [1, 2] };
        fixture.callNext?.({ name: "town_weather", input }, { name: "town_time", input: {} });
        const listens = onText ? { onText } : {};
        const { calls = [], text } = await ask(model, { tools: TOOLS, ...listens });
        const told = calls.map((call) => ({ name: call.name, input: call.input }));
        assert.deepEqual(told, [
          { name: "town_weather", input },
          { name: "town_time", input: {} },
        ]);
        const results = calls.map(({ id }, at) => ({
          id,
          text: `result ${at}`,
          ...(at > 0 ? { isError: true as const } : {}),
        }));
        const last = await ask(model, { tools: TOOLS, rounds: [{ text, calls, results }], ...listens });
        assert.equal(last.text, answer);
        assert.equal(last.calls, undefined);
        const words = wordsIn(fixture.calls.at(-1)).filter((word) => word.startsWith("result"));
        assert.deepEqual(words, ["result 0", "result 1"]);
      });
    }

    if (!has.stream) return;
    streamConformance(runner, makeFixture, ({ model }, more) => ask(model, more));

    test("says that an answer in a stream was cut, and takes what a filter holds back as final", async (fixture) => {
      const { model, cutNext, filterNext } = fixture;
      cutNext();
      assert.equal((await ask(model, { onText: () => {} })).isCut, true);
      filterNext();
      assertFields(await failureOf(ask(model, { onText: () => {} })), { kind: "invalid", retry: false });
    });

    for (const [title, failure] of Object.entries(MODEL_FAILURES)) {
      test(`${title}, also in a stream`, (fixture) =>
        expectModelFailure(fixture, failure, () => ask(fixture.model, { onText: () => {} })));
    }
  });
}

function ask(model: Model, changes: Partial<ModelRequest> = {}) {
  return model.complete({
    system: "Be kind.",
    messages: [{ role: "user", content: PROMPT }],
    timeout: 2_000,
    signal: new AbortController().signal,
    ...changes,
  });
}

/** The values of all fields that hold words, in order. */
function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" ? (name === "content" || name === "text" ? [inner] : []) : wordsIn(inner),
  );
}

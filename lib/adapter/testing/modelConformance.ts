import assert from "node:assert/strict";
import type { DeliveryError } from "../errors.ts";
import type { Model, ModelRequest } from "../Model.ts";
import { assertFields, assertNotIn, failureOf } from "./failureOf.ts";
import type { FaultServer } from "./faultServer.ts";
import { SERVER_FAILURES, type ServerFailure } from "./serverFailures.ts";
import { type StreamBreak, streamConformance } from "./streamConformance.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What the stand-in for a model's service says wherever the service's own errors might repeat the prompt. */
const REPEATED = "repeats the prompt";

const PROMPT = "The words of the prompt, which are a user's.";

/** A model in its surroundings, made afresh for each test. */
export interface ModelFixture {
  readonly model: Model;
  /**
   * The scripted stand-in for the model's service. It answers `answer`, for 11 tokens in and 7 out. Its errors have the
   * words "repeats the prompt" in their message.
   */
  readonly server: FaultServer;
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
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const TOOLS = ["town_weather", "town_time"].map((name) => ({
  name,
  description: "Of a town.",
  parameters: { type: "object", properties: { city: { type: "string" } } },
}));

const status = (code: number, fields: Partial<DeliveryError>): ServerFailure => ({
  script: (server) => server.failNext(1, code),
  fields: { ...fields, status: code },
});

const { "takes 429 as throttled, for as long as the server asks": throttled } = SERVER_FAILURES;

const FAILURES: Readonly<Record<string, ServerFailure>> = {
  ...(throttled ? { "takes 429 as throttled, for as long as the service asks": throttled } : {}),
  "takes 400 as final": status(400, { kind: "invalid", retry: false }),
  "takes 401 as final until the credentials are mended": status(401, { kind: "auth", retry: false }),
  "takes 403 as final until the rights are mended": status(403, { kind: "auth", retry: false }),
  "takes 404 as a model that is not there": status(404, { kind: "gone", retry: false }),
  "takes 500 as passing": status(500, { kind: "transient", retry: true }),
  "takes 503 as passing": status(503, { kind: "transient", retry: true }),
  "takes a broken connection as passing, with an unknown outcome": {
    script: (server) => server.failNext(1, "reset"),
    fields: { kind: "transient", retry: true, outcome: "unknown" },
  },
};

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

    for (const [title, failure] of Object.entries(FAILURES)) test(title, (fixture) => expectFailure(fixture, failure));

    test("knows that nobody who does not listen has been asked", async (fixture) => {
      await fixture.server.close();
      await expectFailure(fixture, { script: () => {}, fields: { kind: "transient", outcome: "not-sent" } });
    });

    const hangs: ServerFailure = {
      script: (server) => server.setMode("hang"),
      fields: { kind: "timeout", retry: true },
    };

    test("gives a hanging service up after the time limit", (fixture) =>
      withinASecond(() => expectFailure(fixture, hangs, { timeout: 60 })));

    test("stops when the caller's time is over", (fixture) =>
      withinASecond(() => expectFailure(fixture, hangs, { signal: AbortSignal.timeout(40) })));

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

    for (const [title, failure] of Object.entries(FAILURES)) {
      test(`${title}, also in a stream`, (fixture) => expectFailure(fixture, failure, { onText: () => {} }));
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

/** Lets the service fail and checks what comes of it: the fields, that nothing shows, and one request alone. */
async function expectFailure(
  { model, server, secrets }: ModelFixture,
  { script, fields }: ServerFailure,
  changes: Partial<ModelRequest> = {},
): Promise<void> {
  script(server);
  const error = await failureOf(ask(model, changes));
  assertFields(error, fields);
  assertNotIn(error, [...secrets, PROMPT]);
  // What a log shows. A body is for the ledger alone.
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    assert.ok(
      !`${cause.message}${cause.stack}`.includes(REPEATED),
      "an error shows what the service says of the prompt",
    );
  }
  assert.ok(server.requests.length <= 1, "one call is one request: the queue owns retries");
}

async function withinASecond(work: () => Promise<void>): Promise<void> {
  const start = Date.now();
  await work();
  assert.ok(Date.now() - start < 1_000, "it took a second or more");
}

/** The values of all fields that hold words, in order. */
function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" ? (name === "content" || name === "text" ? [inner] : []) : wordsIn(inner),
  );
}

import assert from "node:assert/strict";
import type { DeliveryError } from "../errors.ts";
import type { Patience } from "../Toolbox.ts";
import { assertFields, assertNotIn, failureOf } from "./failureOf.ts";
import type { FaultServer } from "./faultServer.ts";
import { SERVER_FAILURES, type ServerFailure } from "./serverFailures.ts";
import type { Test } from "./TestRunner.ts";

/** What the stand-in for a model's service says wherever the service's own errors might repeat the prompt. */
const REPEATED = "repeats the prompt";

/** What the service is asked while it fails: no error may show it. */
export const PROMPT = "The words of the prompt, which are a user's.";

/** The service of a model, made afresh for each test. */
export interface ModelServerFixture {
  /** The scripted stand-in for it. Its errors have the words "repeats the prompt" in their message. */
  readonly server: FaultServer;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const status = (code: number, fields: Partial<DeliveryError>): ServerFailure => ({
  script: (server) => server.failNext(1, code),
  fields: { ...fields, status: code },
});

const { "takes 429 as throttled, for as long as the server asks": throttled } = SERVER_FAILURES;

/** How a model's service fails, and what an adapter makes of it. */
export const MODEL_FAILURES: Readonly<Record<string, ServerFailure>> = {
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
 * What everything that calls a model's service must do when that fails.
 *
 * @param ask asks for `PROMPT`, once
 */
export function modelFailureConformance<Fixture extends ModelServerFixture>(
  test: Test<Fixture>,
  ask: (fixture: Fixture, patience?: Partial<Patience>) => Promise<unknown>,
): void {
  for (const [title, failure] of Object.entries(MODEL_FAILURES)) {
    test(title, (fixture) => expectModelFailure(fixture, failure, () => ask(fixture)));
  }

  test("knows that nobody who does not listen has been asked", async (fixture) => {
    await fixture.server.close();
    const nobody: ServerFailure = { script: () => {}, fields: { kind: "transient", outcome: "not-sent" } };
    await expectModelFailure(fixture, nobody, () => ask(fixture));
  });

  const hangs: ServerFailure = { script: (server) => server.setMode("hang"), fields: { kind: "timeout", retry: true } };

  test("gives a hanging service up after the time limit", (fixture) =>
    withinASecond(() => expectModelFailure(fixture, hangs, () => ask(fixture, { timeout: 60 }))));

  test("stops when the caller's time is over", (fixture) =>
    withinASecond(() => expectModelFailure(fixture, hangs, () => ask(fixture, { signal: AbortSignal.timeout(40) }))));
}

/** Lets the service fail and checks what comes of it: the fields, that nothing shows, and one request alone. */
export async function expectModelFailure(
  { server, secrets }: ModelServerFixture,
  { script, fields }: ServerFailure,
  ask: () => Promise<unknown>,
): Promise<void> {
  script(server);
  const error = await failureOf(ask());
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

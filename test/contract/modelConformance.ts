import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Model, ModelRequest } from "../../lib/adapter/Model.ts";
import type { FaultServer } from "../harness/faultServer.ts";
import { everythingIn, failureOf } from "./failureOf.ts";

/** A model in its surroundings, made afresh for each test. Its stand-in answers "Nice to meet you!". */
export interface ModelWorld {
  readonly model: Model;
  /** The scripted stand-in for the model's service. */
  readonly server: FaultServer;
  /** What the service was asked in each call that it answered. */
  readonly calls: readonly unknown[];
  /** The next answer ends because it is as long as the service allows. */
  cutNext(): void;
  /** A content filter holds the next answer back. */
  filterNext(): void;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
}

const PROMPT = "The words of the prompt, which are a user's.";

/** What every model must do, whatever its service. */
export function modelConformance(name: string, makeWorld: () => Promise<ModelWorld>): void {
  describe(`model ${name}`, () => {
    let world: ModelWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.server.close());

    const ask = (changes: Partial<ModelRequest> = {}) =>
      world.model.complete({
        system: "Be kind.",
        messages: [{ role: "user", content: PROMPT }],
        timeout: 2_000,
        signal: new AbortController().signal,
        ...changes,
      });

    it("answers with its words, its name and what they used", async () => {
      expect(await ask()).toEqual({
        text: "Nice to meet you!",
        model: expect.stringMatching(/./),
        usage: { inputTokens: 11, outputTokens: 7 },
      });
    });

    it("passes on every word, in order, and the system's words apart from them", async () => {
      const said = ["Zoë 李 👩‍👩‍👧 نور", 'a "quote" \\ and\nlines', "the last"];
      await ask({
        messages: said.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }) as const),
      });
      expect(wordsIn(world.calls[0]).toSorted()).toEqual([...said, "Be kind."].toSorted());
      expect(wordsIn(world.calls[0]).filter((text) => said.includes(text))).toEqual(said);
    });

    it("says that an answer was cut", async () => {
      world.cutNext();
      expect(await ask()).toMatchObject({ text: "Nice to meet you!", isCut: true });
    });

    it("what a content filter holds back is final", async () => {
      world.filterNext();
      expect(await failureOf(ask())).toMatchObject({ kind: "invalid", retry: false });
    });

    /** The failure of one call, which was made once and shows neither a secret nor the prompt. */
    const failure = async (script: () => void, changes: Partial<ModelRequest> = {}): Promise<DeliveryError> => {
      script();
      const error = await failureOf(ask(changes));
      const shown = everythingIn(error);
      for (const secret of [...world.secrets, PROMPT]) expect(shown).not.toContain(secret);
      // What a log shows. A body is for the ledger alone.
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
        expect(`${cause.message}${cause.stack}`).not.toContain("repeats the prompt");
      }
      expect(world.server.requests.length, "one call is one request: the queue owns retries").toBeLessThanOrEqual(1);
      return error;
    };

    it.each([
      [401, "auth"],
      [403, "auth"],
      [400, "invalid"],
      [404, "gone"],
      [500, "transient"],
      [503, "transient"],
    ] as const)("%i is %s", async (status, kind) => {
      expect(await failure(() => world.server.failNext(1, status))).toMatchObject({ kind, status });
    });

    it("429 is throttled, for as long as the service asks", async () => {
      const error = await failure(() => world.server.failNext(1, 429, { "retry-after": "3" }));
      expect(error).toMatchObject({ kind: "throttled", retryAfter: 3_000, status: 429 });
    });

    it("a broken connection is tried again, its outcome unknown", async () => {
      const error = await failure(() => world.server.failNext(1, "reset"));
      expect(error).toMatchObject({ kind: "transient", outcome: "unknown" });
    });

    it("nobody listening is tried again, and certainly did nothing", async () => {
      await world.server.close();
      expect(await failure(() => {})).toMatchObject({ kind: "transient", outcome: "not-sent" });
    });

    it("a hanging service is given up after the time limit", async () => {
      const start = Date.now();
      expect(await failure(() => world.server.setMode("hang"), { timeout: 60 })).toMatchObject({ kind: "timeout" });
      expect(Date.now() - start).toBeLessThan(1_000);
    });

    it("stops when the caller's time is over", async () => {
      const start = Date.now();
      const error = await failure(() => world.server.setMode("hang"), { signal: AbortSignal.timeout(40) });
      expect(error).toMatchObject({ kind: "timeout" });
      expect(Date.now() - start).toBeLessThan(1_000);
    });
  });
}

/** The values of all fields that hold words, in order. */
function wordsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "string" ? (name === "content" || name === "text" ? [inner] : []) : wordsIn(inner),
  );
}

import assert from "node:assert/strict";
import type { Embeddings } from "../Embeddings.ts";
import type { Patience } from "../Toolbox.ts";
import { type ModelServerFixture, modelFailureConformance, PROMPT } from "./modelFailureConformance.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** Embeddings in their surroundings, made afresh for each test. */
export interface EmbeddingsFixture extends ModelServerFixture {
  readonly embeddings: Embeddings;
  /** The direction that the service gives a text, of as many numbers as the vectors have. */
  directionOf(text: string): readonly number[];
}

/** How exact a number of a vector is: half of a step of a signed byte, and as much for what a service rounds. */
const EXACT_TO = 1 / 127;

/**
 * What all embeddings must do, whatever their service. Run it for those of your own:
 * `embeddingsConformance({ describe, it }, "mine", async () => ({ … }))`.
 *
 * @param runner `describe` and `it` of vitest, jest or node:test
 */
export function embeddingsConformance(
  runner: TestRunner,
  name: string,
  makeFixture: () => Promise<EmbeddingsFixture>,
): void {
  const test = testsWith(runner, makeFixture);
  runner.describe(`embeddings ${name}`, () => {
    test("names the space of its vectors", async ({ embeddings }) => assert.match(embeddings.space, /./));

    test("makes of each text its vector, in order, however many there are", async (fixture) => {
      const texts = Array.from({ length: 50 }, (_, at) => `Zoë 李 👩‍👩‍👧 نور "${at}"\n`);
      const vectors = await embed(fixture, texts);
      assert.equal(vectors.length, texts.length);
      for (const [at, text] of texts.entries()) expectDirection(vectors[at], fixture.directionOf(text));
    });

    test("makes vectors of length one", async (fixture) => {
      const [vector = new Uint8Array()] = await embed(fixture, ["One."]);
      const length = Math.hypot(...new Int8Array(vector)) / 127;
      assert.ok(Math.abs(length - 1) < 0.05, `its length is ${length}`);
    });

    test("asks for nothing where there are no texts", async (fixture) => {
      assert.deepEqual(await embed(fixture, []), []);
      assert.equal(fixture.server.requests.length, 0);
    });

    modelFailureConformance(test, (fixture, patience) => embed(fixture, [PROMPT], patience));
  });
}

function embed({ embeddings }: EmbeddingsFixture, texts: readonly string[], patience: Partial<Patience> = {}) {
  return embeddings.embed(texts, { timeout: 2_000, signal: new AbortController().signal, ...patience });
}

function expectDirection(vector: Uint8Array | undefined, direction: readonly number[]): void {
  const length = Math.hypot(...direction);
  const numbers = [...new Int8Array(vector ?? [])];
  assert.equal(numbers.length, direction.length);
  for (const [at, number] of numbers.entries()) {
    assert.ok(Math.abs(number / 127 - (direction[at] ?? 0) / length) <= EXACT_TO, `number ${at} is another`);
  }
}

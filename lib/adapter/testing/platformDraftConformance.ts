import assert from "node:assert/strict";
import type { Json } from "../../domain/json.ts";
import { failureOf } from "./failureOf.ts";
import { chunkOf, type PlatformFixture, receive } from "./PlatformFixture.ts";
import { expectFailure, SERVER_FAILURES } from "./serverFailures.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** What a platform must do that shows a reply while it is written. */
export function platformDraftConformance(runner: TestRunner, makeFixture: () => Promise<PlatformFixture>): void {
  const test = testsWith(runner, makeFixture);

  test("shows a reply that grows, in one place, and sends the reply into it", async (fixture) => {
    const { replyTo } = await receive(fixture);
    let ref: Json | undefined;
    for (const text of ["Let me", "Let me see 👋", "Let me see 👋: it"]) {
      ref = await show(fixture, { replyTo, text, ref });
      assert.deepEqual(fixture.standing?.(), [text]);
    }
    await fixture.platform.send({ ...chunkOf(replyTo, "It is."), ...(ref === undefined ? {} : { draft: ref }) });
    assert.deepEqual(fixture.standing?.(), ["It is."]);
    await fixture.platform.send({ ...chunkOf(replyTo, "And more."), index: 1 });
    assert.deepEqual(fixture.standing?.(), ["It is.", "And more."]);
  });

  test("goes on with what an attempt has left that was cut off", async (fixture) => {
    const { replyTo } = await receive(fixture);
    const ref = await show(fixture, { replyTo, text: "Let me see: it is" });
    const again = await show(fixture, { replyTo, text: "Well", ref });
    const draft = again ?? ref;
    await fixture.platform.send({ ...chunkOf(replyTo, "Sorry."), ...(draft === undefined ? {} : { draft }) });
    assert.deepEqual(fixture.standing?.(), ["Sorry."]);
  });

  test("shows every piece that it would send", async (fixture) => {
    const { replyTo } = await receive(fixture);
    const [piece = ""] = fixture.platform.render(`**Half a list**\n\`\`\`js\n${"🙂 word ".repeat(3_000)}`);
    await show(fixture, { replyTo, text: piece });
    assert.equal(fixture.standing?.().length, 1);
  });

  test("gives a draft up when its time is over", async (fixture) => {
    const { replyTo } = await receive(fixture);
    fixture.server.setMode("hang");
    const start = Date.now();
    await failureOf(show(fixture, { replyTo, text: "Let me", signal: AbortSignal.timeout(40) }));
    assert.ok(Date.now() - start < 1_000, "it took a second or more");
  });

  runner.describe("showing a draft to a server that fails", () => {
    for (const [title, failure] of Object.entries(SERVER_FAILURES)) {
      test(title, async (fixture) => {
        const { replyTo } = await receive(fixture);
        await expectFailure(fixture, failure, () => show(fixture, { replyTo, text: "Let me" }));
      });
    }
  });
}

/** Shows a draft; answers where it stands, as it comes back from a queue or a table. */
async function show(
  { platform }: PlatformFixture,
  given: {
    readonly replyTo: Json;
    readonly text: string;
    readonly ref?: Json | undefined;
    readonly signal?: AbortSignal;
  },
): Promise<Json | undefined> {
  const { replyTo, text, ref, signal = AbortSignal.timeout(3_000) } = given;
  const draft = { text, replyTo, key: "a1b2c3d4e5f6", signal, ...(ref === undefined ? {} : { shown: ref }) };
  const made = await platform.showDraft?.(draft);
  assert.ok(made, "a platform with drafts must show one in a direct message");
  return made.ref === undefined ? undefined : JSON.parse(JSON.stringify(made.ref));
}

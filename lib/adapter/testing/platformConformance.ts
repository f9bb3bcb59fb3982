import assert from "node:assert/strict";
import { WebhookError } from "../errors.ts";
import { assertFields, assertNotIn } from "./failureOf.ts";
import { chunkOf, type PlatformFixture, receive, refusal, said } from "./PlatformFixture.ts";
import { platformDraftConformance } from "./platformDraftConformance.ts";
import { type PlatformExtras, platformExtrasConformance } from "./platformExtrasConformance.ts";
import { expectFailure, SERVER_FAILURES, type ServerFailure } from "./serverFailures.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

const SENDING_FAILURES: Readonly<Record<string, ServerFailure>> = {
  ...SERVER_FAILURES,
  "takes 410 as the end: nothing can arrive any more": {
    script: (server) => server.failNext(1, 410),
    fields: { kind: "gone", retry: false },
  },
  "takes a lost acknowledgement as passing": {
    script: (server) => server.failNext(1, "lost-ack"),
    fields: { retry: true, outcome: "unknown" },
  },
  "gives a hanging server up": {
    script: (server) => server.setMode("hang"),
    fields: { kind: "timeout", retry: true, outcome: "unknown" },
  },
};

/** Bodies that nobody expects, but for their form. */
const ODD_BODIES = [
  ...[
    "0",
    "-1e308",
    "1e999",
    "true",
    '""',
    "[[[]]]",
    "[null]",
    '{"":null}',
    '{"__proto__":{"text":1}}',
    "\u0000",
    "\ufeff{}",
  ],
  ...['{"text":"\\ud800"}', '{"text":{}}', '{"text":"hi","text":[]}', '{"user":[],"from":{},"chat":0}', "{}{}", "💥"],
  ...[
    '{"message":{"text":1}}',
    '{"messages":[{}]}',
    '{"update_id":1,"message":{"chat":{"id":[]}}}',
    '{"constructor":1}',
  ],
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  JSON.stringify({ text: "x".repeat(100_000) }),
];

/**
 * What every chat platform must do. Run it for one of your own:
 * `platformConformance({ describe, it }, "mine", async () => ({ … }))`.
 *
 * @param runner `describe` and `it` of vitest, jest or node:test
 * @param extras what the platform tells beside a person's words; tests of what it does not tell are left out
 */
export function platformConformance(
  runner: TestRunner,
  name: string,
  makeFixture: () => Promise<PlatformFixture>,
  extras: PlatformExtras = {},
): void {
  const test = testsWith(runner, makeFixture);
  runner.describe(`platform ${name}`, () => {
    test("takes a genuine call", async (fixture) => {
      const { chat, user, ...message } = await receive(fixture);
      assertFields(message, { role: "user", text: "Hello", origin: "chat" });
      assert.deepEqual([chat.type, user?.id], ["dm", "4711"]);
    });

    test("gives a redelivery the same identity, and another message another one", async (fixture) => {
      const first = await receive(fixture);
      assert.deepEqual(await receive(fixture), first);
      assert.notEqual((await receive(fixture, { number: 2 })).messageId, first.messageId);
    });

    test("tells users apart", async (fixture) => {
      assert.equal((await receive(fixture, { user: "4712" })).user?.id, "4712");
    });

    test("refuses every forgery with 401", async (fixture) => {
      const forgeries = Object.entries(fixture.forgeries(fixture.call(said())));
      assert.ok(forgeries.length > 2, "the fixture must have three forgeries or more");
      for (const [what, forgery] of forgeries) {
        const error = await refusal(fixture, forgery);
        assert.equal(error.status, 401, what);
        assertNotIn(error, fixture.secrets, what);
      }
    });

    test("reads no secret for a call that can be refused without one", async (fixture) => {
      const genuine = fixture.call(said());
      for (const call of [
        { ...genuine, headers: {} },
        { ...genuine, method: "GET" },
      ]) {
        assert.ok([401, 405].includes((await refusal(fixture, call)).status));
      }
      assert.equal(fixture.secretsRead(), 0);
    });

    test("refuses a body outside its contract with 400", async (fixture) => {
      for (const body of ["", "{", "null", "[]", '"text"', "{}"]) {
        assert.equal((await refusal(fixture, fixture.callWith(body))).status, 400, body);
      }
    });

    test("takes POST, but for handshakes nothing else, and says so", async (fixture) => {
      const { status, headers } = await refusal(fixture, { ...fixture.call(said()), method: "DELETE" });
      assert.equal(status, 405);
      assert.match(headers.allow ?? "", /^(GET, )?POST$/);
    });

    test("takes any genuine call, or refuses it with its status: no body makes it fail", async (fixture) => {
      for (const body of ODD_BODIES) {
        const outcome = await fixture.platform.receive(fixture.callWith(body)).catch((error: unknown) => error);
        if (outcome instanceof Error) assert.ok(outcome instanceof WebhookError, `${body}: ${outcome.message}`);
      }
    });

    test("recognises the commands, and leaves other slashes alone", async (fixture) => {
      assertFields(await receive(fixture, { text: "/reset" }), { command: "reset", text: "" });
      assertFields(await receive(fixture, { text: "/new what now?" }), { command: "new", text: "what now?" });
      assertFields(await receive(fixture, { text: "/memory off" }), { command: "memory", text: "off" });
      for (const text of ["/etc/hosts is a file", "/weather", "say /reset", "/resets"]) {
        const message = await receive(fixture, { text });
        assert.equal(message.text, text);
        assert.equal(message.command, undefined, text);
      }
    });

    test("keeps every script and emoji", async (fixture) => {
      const text = "Zoë 李 👩‍👩‍👧 نور";
      assert.equal((await receive(fixture, { text })).text, text);
    });

    test("shows that an answer is being written, if it can", async (fixture) => {
      const { replyTo } = await receive(fixture);
      await fixture.platform.showTyping?.(replyTo);
      assert.equal(fixture.typing?.().length ?? 0, fixture.platform.showTyping ? 1 : 0);
    });

    test("answers with what survives a queue", async (fixture) => {
      const { replyTo } = await receive(fixture);
      await fixture.platform.send(chunkOf(JSON.parse(JSON.stringify(replyTo)), "Hi 👋"));
      assert.deepEqual(fixture.sent(), ["Hi 👋"]);
    });

    test("renders a blank reply as none, and the same pieces each time", async ({ platform, limit }) => {
      assert.deepEqual([...platform.render(""), ...platform.render(" \n")], []);
      const long = "One word after another. ".repeat(1_000);
      const pieces = platform.render(long);
      assert.deepEqual(platform.render(long), pieces);
      assert.equal(pieces.join("").replace(/\s/g, ""), long.replace(/\s/g, ""));
      for (const piece of pieces) assert.ok(piece.length <= limit, `a piece has ${piece.length} units`);
    });

    test("renders pieces that the platform takes", async (fixture) => {
      const { replyTo } = await receive(fixture);
      const pieces = fixture.platform.render("🙂".repeat(5_000));
      for (const [index, piece] of pieces.entries()) await fixture.platform.send(chunkOf(replyTo, piece, index));
      assert.deepEqual(fixture.sent(), pieces);
    });

    platformExtrasConformance(runner, makeFixture, extras);
    if (extras.drafts) platformDraftConformance(runner, makeFixture);

    runner.describe("sending to a server that fails", () => {
      for (const [title, failure] of Object.entries(SENDING_FAILURES)) {
        test(title, async (fixture) => {
          const { replyTo } = await receive(fixture);
          await expectFailure(fixture, failure, () => fixture.platform.send(chunkOf(replyTo, "Hi")));
          assert.equal(fixture.server.requests.length, 1);
        });
      }
    });
  });
}

import assert from "node:assert/strict";
import type { Json } from "../../domain/json.ts";
import { WebhookError } from "../errors.ts";
import type { OutboundChunk, Platform, WebhookRequest } from "../Platform.ts";
import { assertFields, assertNotIn } from "./failureOf.ts";
import type { FaultServer } from "./faultServer.ts";
import { expectFailure, SERVER_FAILURES, type ServerFailure } from "./serverFailures.ts";
import { type TestRunner, testsWith } from "./TestRunner.ts";

/** A message that a user sends, in the suite's words. */
export interface Said {
  /** Counts up; the same for a redelivery. */
  readonly number: number;
  readonly text: string;
  readonly user: string;
}

/** A platform in its surroundings, made afresh for each test. */
export interface PlatformFixture {
  readonly platform: Platform;
  /** How many secrets it has asked for so far. */
  secretsRead(): number;
  /** The genuine call that brings a user's message, in a direct message. */
  call(said: Said): WebhookRequest;
  /** A call that is genuine but whose body is this. */
  callWith(body: string): WebhookRequest;
  /** Calls that only look like `genuine`, by what is wrong with them. Each must be refused with 401. */
  forgeries(genuine: WebhookRequest): Readonly<Record<string, WebhookRequest>>;
  /** The scripted stand-in for the platform's own API. */
  readonly server: FaultServer;
  /** The texts that reached users. */
  sent(): readonly string[];
  /** The most of one piece, UTF-16 units. */
  readonly limit: number;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

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

/**
 * What every chat platform must do. Run it for one of your own:
 * `platformConformance({ describe, it }, "mine", async () => ({ … }))`.
 *
 * @param runner `describe` and `it` of vitest, jest or node:test
 */
export function platformConformance(
  runner: TestRunner,
  name: string,
  makeFixture: () => Promise<PlatformFixture>,
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

    test("takes only POST", async (fixture) => {
      assert.equal((await refusal(fixture, { ...fixture.call(said()), method: "DELETE" })).status, 405);
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
      for (const piece of pieces) await fixture.platform.send(chunkOf(replyTo, piece));
      assert.deepEqual(fixture.sent(), pieces);
    });

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

function said(changes: Partial<Said> = {}): Said {
  return { number: 1, text: "Hello", user: "4711", ...changes };
}

/** The one message of a genuine call. */
async function receive({ platform, call }: PlatformFixture, changes: Partial<Said> = {}) {
  const { messages } = await platform.receive(call(said(changes)));
  const [message, ...more] = messages;
  if (!message || more.length > 0) throw new Error(`a call with one message brought ${messages.length}`);
  return message;
}

async function refusal({ platform }: PlatformFixture, request: WebhookRequest): Promise<WebhookError> {
  const outcome = await platform.receive(request).catch((error: unknown) => error);
  if (outcome instanceof WebhookError) return outcome;
  throw new Error(`expected a WebhookError, got ${JSON.stringify(outcome)}`, { cause: outcome });
}

function chunkOf(replyTo: Json, text: string): OutboundChunk {
  return { text, replyTo, key: `key of ${text}`, session: "s-1", conversation: "c-1", inReplyTo: "d-1" };
}

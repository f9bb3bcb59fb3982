import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DeliveryError, WebhookError } from "../../lib/adapter/errors.ts";
import type { OutboundChunk, Platform, WebhookRequest } from "../../lib/adapter/Platform.ts";
import type { Json } from "../../lib/domain/json.ts";
import type { FaultServer } from "../harness/faultServer.ts";
import { everythingIn, failureOf } from "./failureOf.ts";

/** A message that a user sends, in the suite's words. */
export interface Said {
  /** Counts up; the same for a redelivery. */
  readonly number: number;
  readonly text: string;
  readonly user: string;
}

/** A platform in its surroundings, made afresh for each test. */
export interface PlatformWorld {
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

/**
 * What every chat platform must do. Run it for one of your own: `platformConformance("mine", async () => ({ … }))`.
 */
export function platformConformance(name: string, makeWorld: () => Promise<PlatformWorld>): void {
  describe(`platform ${name}`, () => {
    let harness: PlatformWorld;
    beforeEach(async () => {
      harness = await makeWorld();
    });
    afterEach(() => harness.close());

    const said = (changes: Partial<Said> = {}): Said => ({ number: 1, text: "Hello", user: "4711", ...changes });
    const receive = async (changes: Partial<Said> = {}) => {
      const { messages } = await harness.platform.receive(harness.call(said(changes)));
      expect(messages).toHaveLength(1);
      return messages[0] as (typeof messages)[number];
    };

    it("takes a genuine call", async () => {
      expect(await receive()).toMatchObject({
        chat: { type: "dm" },
        user: { id: "4711" },
        role: "user",
        text: "Hello",
        origin: "chat",
      });
    });

    it("D9 gives a redelivery the same identity, and another message another one", async () => {
      const first = await receive();
      expect(await receive()).toEqual(first);
      expect((await receive({ number: 2 })).messageId).not.toBe(first.messageId);
    });

    it("W4 tells users apart", async () => {
      expect((await receive({ user: "4712" })).user?.id).toBe("4712");
    });

    it("refuses every forgery with 401", async () => {
      const genuine = harness.call(said());
      const forgeries = Object.entries(harness.forgeries(genuine));
      expect(forgeries.length).toBeGreaterThan(2);
      for (const [what, forgery] of forgeries) {
        const error = await refusal(forgery);
        expect(error.status, what).toBe(401);
        for (const secret of harness.secrets) expect(everythingIn(error), what).not.toContain(secret);
      }
    });

    it("reads no secret for a call that can be refused without one", async () => {
      const genuine = harness.call(said());
      for (const call of [
        { ...genuine, headers: {} },
        { ...genuine, method: "GET" },
      ]) {
        expect([401, 405]).toContain((await refusal(call)).status);
      }
      expect(harness.secretsRead()).toBe(0);
    });

    it("refuses a body outside its contract with 400", async () => {
      for (const body of ["", "{", "null", "[]", '"text"', "{}"]) {
        expect((await refusal(harness.callWith(body))).status, body).toBe(400);
      }
    });

    it("takes only POST", async () => {
      expect((await refusal({ ...harness.call(said()), method: "DELETE" })).status).toBe(405);
    });

    it("recognises the commands, and leaves other slashes alone", async () => {
      expect(await receive({ text: "/reset" })).toMatchObject({ command: "reset", text: "" });
      expect(await receive({ text: "/new what now?" })).toMatchObject({ command: "new", text: "what now?" });
      expect(await receive({ text: "/memory off" })).toMatchObject({ command: "memory", text: "off" });
      for (const text of ["/etc/hosts is a file", "/weather", "say /reset", "/resets"]) {
        const message = await receive({ text });
        expect(message).toMatchObject({ text });
        expect(message.command, text).toBeUndefined();
      }
    });

    it("keeps every script and emoji", async () => {
      const text = "Zoë 李 👩‍👩‍👧 نور";
      expect((await receive({ text })).text).toBe(text);
    });

    it("answers with what survives a queue", async () => {
      const { replyTo } = await receive();
      await harness.platform.send(chunkOf(JSON.parse(JSON.stringify(replyTo)), "Hi 👋"));
      expect(harness.sent()).toEqual(["Hi 👋"]);
    });

    it("renders a blank reply as none, and the same pieces each time", () => {
      expect(harness.platform.render("")).toEqual([]);
      expect(harness.platform.render(" \n")).toEqual([]);
      const long = "One word after another. ".repeat(1_000);
      const pieces = harness.platform.render(long);
      expect(harness.platform.render(long)).toEqual(pieces);
      expect(pieces.join("").replace(/\s/g, "")).toBe(long.replace(/\s/g, ""));
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(harness.limit);
    });

    it("its pieces are taken by the platform", async () => {
      const { replyTo } = await receive();
      const pieces = harness.platform.render("🙂".repeat(5_000));
      for (const piece of pieces) await harness.platform.send(chunkOf(replyTo, piece));
      expect(harness.sent()).toEqual(pieces);
    });

    const failures: Readonly<Record<string, [(server: FaultServer) => void, Partial<DeliveryError>]>> = {
      "429 is throttled, for as long as the platform asks": [
        (server) => server.failNext(1, 429, { "retry-after": "3" }),
        { kind: "throttled", retry: true, retryAfter: 3_000 },
      ],
      "429 for a day is told as it is: an operator decides": [
        (server) => server.failNext(1, 429, { "retry-after": "86400" }),
        { kind: "throttled", retryAfter: 86_400_000 },
      ],
      "401 is final": [(server) => server.failNext(1, 401), { kind: "auth", retry: false }],
      "410 ends it: nothing can arrive any more": [(server) => server.failNext(1, 410), { kind: "gone", retry: false }],
      "503 is tried again": [(server) => server.failNext(1, 503), { kind: "transient", retry: true }],
      "a redirect is not followed": [(server) => server.failNext(1, 307, { location: "/elsewhere" }), { status: 307 }],
      "a broken connection is tried again": [
        (server) => server.failNext(1, "reset"),
        { kind: "transient", outcome: "unknown" },
      ],
      "a lost acknowledgement is tried again": [
        (server) => server.failNext(1, "lost-ack"),
        { retry: true, outcome: "unknown" },
      ],
      "a hanging server is given up": [
        (server) => server.setMode("hang"),
        { kind: "timeout", retry: true, outcome: "unknown" },
      ],
    };
    it.each(Object.entries(failures))("sending: %s", async (_, [script, fields]) => {
      const { replyTo } = await receive();
      script(harness.server);
      const error = await failureOf(harness.platform.send(chunkOf(replyTo, "Hi")));
      expect(error).toMatchObject(fields);
      for (const secret of harness.secrets) expect(everythingIn(error)).not.toContain(secret);
      expect(harness.server.requests, "one attempt is one request: the queue owns retries").toHaveLength(1);
    });

    async function refusal(request: WebhookRequest): Promise<WebhookError> {
      const outcome = await harness.platform.receive(request).catch((error: unknown) => error);
      if (outcome instanceof WebhookError) return outcome;
      throw new Error(`expected a WebhookError, got ${JSON.stringify(outcome)}`, { cause: outcome });
    }
  });
}

function chunkOf(replyTo: Json, text: string): OutboundChunk {
  return { text, index: 0, replyTo, key: `key of ${text}`, session: "s-1", conversation: "c-1", inReplyTo: "d-1" };
}

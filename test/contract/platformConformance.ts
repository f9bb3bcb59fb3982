import fc from "fast-check";
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

/** What a platform may tell beside a person's words; the suite tries what a world knows how to make. */
export interface Extras {
  /** A message in a group, which names the bot or does not. */
  inGroup?(said: Said, namesBot: boolean): WebhookRequest;
  /** A message that answers another one. */
  answering?(said: Said, quoted: { readonly text: string; readonly author: string }): WebhookRequest;
  /** Words that the user passes on. */
  forwarded?(said: Said, from: string): WebhookRequest;
  /** A picture of that many bytes, under which the words stand. */
  picture?(said: Said, size: number): WebhookRequest;
  /** The correction of a message, by its number. */
  edit?(said: Said, edited: number): WebhookRequest;
  /** The group is called `to` from now on. */
  moved?(from: string, to: string): WebhookRequest;
  /** The bot was removed from the group for good. */
  gone?(chat: string): WebhookRequest;
  /** Where the platform was told that an answer is being written; once for each call. */
  typing?(): readonly unknown[];
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
  readonly extras?: Extras;
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

    /** A call that brings what the platform may tell; such a test says nothing where it does not. */
    const extra = async (make: (extras: Extras) => WebhookRequest | undefined) => {
      const call = make(harness.extras ?? {});
      return call && harness.platform.receive(call);
    };

    it("says of a group's message whether it names the bot, and takes the name off", async () => {
      for (const names of [true, false]) {
        const received = await extra(({ inGroup }) => inGroup?.(said(), names));
        if (received)
          expect(received.messages).toMatchObject([{ chat: { type: "group" }, mentioned: names, text: "Hello" }]);
      }
    });

    it("gives what a message answers apart from its words", async () => {
      const quoted = { text: "Which one?", author: "Ben" };
      const received = await extra(({ answering }) => answering?.(said(), quoted));
      if (received) expect(received.messages).toMatchObject([{ text: "Hello", quoted }]);
    });

    it("marks words that are another's, in which no command is one", async () => {
      const received = await extra(({ forwarded }) => forwarded?.(said({ text: "/reset" }), "Ben"));
      if (!received) return;
      expect(received.messages).toMatchObject([{ text: "/reset", forwarded: { from: "Ben" } }]);
      expect(received.messages[0]?.command).toBeUndefined();
    });

    it("describes what comes with words, and what comes without", async () => {
      for (const text of ["Hello", ""]) {
        const received = await extra(({ picture }) => picture?.(said({ text }), 1_000));
        const attachments = [{ kind: "image", size: 1_000, handle: expect.any(String) }];
        if (received) expect(received.messages).toMatchObject([{ text, attachments }]);
      }
    });

    it("names the message that an edit corrects, and makes no command of one", async () => {
      const received = await extra(({ edit }) => edit?.(said({ number: 2, text: "Goodbye" }), 1));
      if (!received) return;
      expect(received.messages).toMatchObject([{ text: "Goodbye", edits: (await receive()).ref }]);
      expect((await extra(({ edit }) => edit?.(said({ number: 3, text: "/reset" }), 1)))?.messages).toEqual([]);
    });

    it("tells of a chat that has moved, or is gone for good", async () => {
      const moved = await extra((extras) => extras.moved?.("-500", "-100500"));
      if (moved) expect(moved).toMatchObject({ messages: [], chats: [{ chat: { id: "-500" }, movedTo: "-100500" }] });
      const gone = await extra((extras) => extras.gone?.("-500"));
      if (gone) expect(gone).toMatchObject({ messages: [], chats: [{ chat: { id: "-500", type: "group" } }] });
    });

    it("shows that an answer is being written, where it can", async () => {
      const { replyTo } = await receive();
      await harness.platform.showTyping?.(replyTo);
      expect(harness.extras?.typing?.() ?? []).toHaveLength(harness.platform.showTyping ? 1 : 0);
    });

    it("takes any genuine call, and answers it or refuses it with its status: no body makes it fail", async () => {
      const bodies = fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" }));
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const outcome = await harness.platform.receive(harness.callWith(body)).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(WebhookError);
        }),
        { numRuns: 200 },
      );
    });

    it("says of a method that is not taken which one is", async () => {
      expect((await refusal({ ...harness.call(said()), method: "PUT" })).headers).toMatchObject({ allow: "POST" });
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

import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeliveryError, HttpError } from "../../lib/adapter/errors.ts";
import type { HttpResponse } from "../../lib/adapter/http/HttpClient.ts";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { type RawServer, startRawServer } from "./rawServer.ts";

const LIMIT = 200;

/** A busy machine is late by this much at the most, milliseconds. */
const SLACK = 2_000;

const OK = "HTTP/1.1 200 OK\r\n";

/** Writes again and again until the other side has gone. */
function repeat(socket: Socket, text: string, pause: number): void {
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(text);
  }, pause);
  socket.on("close", () => clearInterval(timer));
}

const HOSTILE: Readonly<Record<string, (socket: Socket) => void>> = {
  "no word": () => undefined,
  "an empty answer": (socket) => socket.end(),
  "a reset": (socket) => socket.resetAndDestroy(),
  "no HTTP": (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
  "binary noise": (socket) => socket.end(Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 89) % 256))),
  "a header that is too large": (socket) => socket.end(`${OK}x: ${"y".repeat(1024 * 1024)}\r\n\r\n`),
  "100,000 headers": (socket) => socket.end(`${OK}${"a: b\r\n".repeat(100_000)}\r\n`),
  "headers without an end": (socket) => {
    socket.write(OK);
    repeat(socket, "a: b\r\n", 5);
  },
  "a drip": (socket) => {
    socket.write(`${OK}content-length: 1000000\r\n\r\n`);
    repeat(socket, "x", 20);
  },
  "a body without an end": (socket) => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
    repeat(socket, `10000\r\n${"x".repeat(65_536)}\r\n`, 1);
  },
  "interim answers without an end": (socket) => repeat(socket, "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", 2),
  "100 and silence": (socket) => socket.write("HTTP/1.1 100 Continue\r\n\r\n"),
  "another protocol": (socket) => socket.write("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhi"),
  "a length that is too long": (socket) => socket.end(`${OK}content-length: 100\r\n\r\nshort`),
  "a length that is too short": (socket) => socket.write(`${OK}content-length: 2\r\n\r\nokay and more`),
  "two lengths": (socket) => socket.end(`${OK}content-length: 2\r\ncontent-length: 5\r\n\r\nokay!`),
  "a length and chunks": (socket) =>
    socket.end(`${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n5\r\nokay!\r\n0\r\n\r\n`),
  "a length that is none": (socket) => socket.end(`${OK}content-length: -1\r\n\r\nokay`),
  "a chunk that is none": (socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nokay\r\n`),
  "a broken archive": (socket) => socket.end(`${OK}content-encoding: gzip\r\nconnection: close\r\n\r\nnot gzip`),
  "half an archive": (socket) => {
    const packed = gzipSync("x".repeat(1_000)).subarray(0, 15);
    socket.write(`${OK}content-encoding: gzip\r\nconnection: close\r\n\r\n`);
    socket.end(packed);
  },
  "an unknown encoding": (socket) => socket.end(`${OK}content-encoding: rot13\r\nconnection: close\r\n\r\nuryyb`),
  "a status that is none": (socket) => socket.end("HTTP/1.1 999 Odd\r\nconnection: close\r\n\r\n"),
  "a redirect to itself": (socket) => socket.end("HTTP/1.1 308 Loop\r\nlocation: /\r\nconnection: close\r\n\r\n"),
  "a NUL in a header": (socket) => socket.end(`${OK}x: a\0b\r\nconnection: close\r\n\r\n`),
  "a folded header": (socket) => socket.end(`${OK}x: a\r\n b\r\nconnection: close\r\n\r\n`),
  "malformed JSON": (socket) => socket.end(`${OK}content-type: application/json\r\nconnection: close\r\n\r\n{"ok":`),
  "a page instead of JSON": (socket) => socket.end(`${OK}content-type: text/html\r\nconnection: close\r\n\r\n<html>`),
  "JSON of another shape": (socket) => socket.end(`${OK}connection: close\r\n\r\n[${"[".repeat(50_000)}`),
  "retry-after for ever": (socket) =>
    socket.end(`HTTP/1.1 429 Slow\r\nretry-after: ${"9".repeat(400)}\r\nconnection: close\r\n\r\n`),
};

describe("the HTTP client, of a hostile server,", () => {
  let raw: RawServer;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  beforeAll(async () => {
    raw = await startRawServer();
    process.on("unhandledRejection", note);
    process.on("uncaughtExceptionMonitor", note);
  });
  afterAll(async () => {
    await raw.close();
    process.off("unhandledRejection", note);
    process.off("uncaughtExceptionMonitor", note);
    expect(unhandled).toEqual([]);
  });

  it.each(Object.entries(HOSTILE))(
    "makes one request, within its time, and is unharmed after %s",
    async (_, answer) => {
      raw.answer = answer;
      const before = raw.requests;
      const outcome = await bounded(() => send());
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HttpError);
      else expect(outcome.text.length).toBeLessThanOrEqual(1024 * 1024);
      expect(raw.requests).toBe(before + 1);
      await isUnharmed();
    },
  );

  it.each(Object.entries(HOSTILE))("gives providers a receipt or a classified failure for %s", async (name, answer) => {
    raw.answer = answer;
    const services = testServices({ S: TEST_SECRET, T: "123456:TOKEN-of_the_test" }, LIMIT);
    const provider = webhook({ url: raw.url, secret: secret("S") }).create(services);
    const bot = telegram({ token: secret("T"), secretToken: secret("S"), apiBase: raw.url }).create(services);
    const receipt = await bounded(() => provider.onSessionEnd(SESSION, call()));
    if (receipt instanceof Error) expect(receipt, name).toBeInstanceOf(DeliveryError);
    else expect(receipt.body?.length ?? 0).toBeLessThanOrEqual(500);
    const sent = await bounded(() => bot.send(CHUNK));
    expect(sent, name).toBeInstanceOf(DeliveryError);
    expect(sent).not.toMatchObject({ message: expect.stringContaining("of_the_test") });
  });

  it("does not take a second answer that nobody asked for as that of the next request", async () => {
    const smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged";
    raw.answer = (socket) => socket.write(`${OK}content-length: 2\r\n\r\nok${smuggled}`);
    await send();
    raw.answer = (socket) => socket.write(`${OK}content-length: 4\r\n\r\ntrue`);
    expect(await send()).toMatchObject({ text: "true" });
  });

  it("answers or fails within its time on any bytes", async () => {
    const parts = fc.oneof(
      fc.constantFrom(OK, "HTTP/1.1 100 Continue\r\n\r\n", "\r\n", "\r\n\r\n", "content-length: 3\r\n", "0\r\n\r\n"),
      fc.constantFrom("transfer-encoding: chunked\r\n", "content-encoding: gzip\r\n", "content-encoding: deflate\r\n"),
      fc.uint8Array({ maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 6 }), async (given) => {
        raw.answer = (socket) => socket.end(Buffer.concat(given.map((part) => Buffer.from(part))));
        const outcome = await bounded(() => send());
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HttpError);
      }),
      { numRuns: 200 },
    );
    await isUnharmed();
  });

  it("takes an answer after more seconds than a connection is kept open for", async () => {
    raw.answer = (socket) => setTimeout(() => socket.end(`${OK}content-length: 4\r\n\r\nlate`), 4_600);
    const response = await nodeHttpClient.send({ url: raw.url, method: "POST", body: "x", timeout: 10_000 });
    expect(response.text).toBe("late");
  });

  const send = (): Promise<HttpResponse> =>
    nodeHttpClient.send({ url: raw.url, method: "POST", body: "{}", timeout: LIMIT });

  async function bounded<Result>(work: () => Promise<Result>): Promise<Result | Error> {
    const began = performance.now();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return error;
    } finally {
      expect(performance.now() - began).toBeLessThan(LIMIT + SLACK);
    }
  }

  async function isUnharmed(): Promise<void> {
    raw.answer = (socket) => socket.write(`${OK}content-length: 4\r\n\r\nfine`);
    expect(await send()).toMatchObject({ status: 200, text: "fine" });
  }
});

const SESSION: EndedSession = {
  ...{ tenant: "t", session: "s", conversation: "c", platform: "p", chat: { id: "c", type: "dm" } },
  ...{ users: [], reason: "idle", startedAt: 0, endedAt: 0, turns: 1, messages: [] },
};

const CHUNK = {
  text: "Hi",
  index: 0,
  isLast: true,
  replyTo: { chat: 1 },
  key: "k",
  session: "s",
  conversation: "c",
  inReplyTo: "d",
};

function call(): ProviderCall {
  return {
    ...{ deliveryKey: "k", attempt: 1, timeout: LIMIT, signal: AbortSignal.timeout(LIMIT), checkpoint: undefined },
    saveCheckpoint: async () => undefined,
  };
}

import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HttpError } from "../../../lib/adapter/errors.ts";
import type { HttpRequest } from "../../../lib/adapter/http/HttpClient.ts";
import { VesperError } from "../../../lib/domain/VesperError.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";

const MIB = 1024 * 1024;

describe("nodeHttpClient", () => {
  let server: Server;
  let url: string;
  let seen: string[];

  beforeAll(async () => {
    seen = [];
    server = createServer(async (request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      switch (request.url) {
        case "/echo":
          return response
            .writeHead(201, { "X-Upper": "Kept", "retry-after": "3" })
            .end(`${request.headers["x-test"]} ${Buffer.concat(chunks)}`);
        case "/moved":
          return response.writeHead(302, { location: "/inside" }).end("elsewhere");
        case "/large":
          return response.writeHead(200).end("x".repeat(MIB + 1));
        case "/exact":
          return response.writeHead(200).end("x".repeat(MIB));
        case "/bomb":
          return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(64 * MIB)));
        case "/endless": {
          response.writeHead(200);
          const more = () => response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more));
          return more();
        }
        case "/stall":
          return response.writeHead(200).write("begun");
        case "/reset":
          return request.socket.destroy();
        case "/cut":
          response.writeHead(200, { "content-length": "100" }).write("half");
          return setTimeout(() => request.socket.destroy(), 20);
        case "/fail":
          return response.writeHead(503).end("down");
        default:
          // "/hang": no answer.
          return undefined;
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const get = (path: string, more: Partial<HttpRequest> = {}) =>
    nodeHttpClient.send({ url: `${url}${path}`, method: "GET", timeout: 5_000, ...more });

  /** The error of a request that got no answer. */
  const errorOf = async (answer: Promise<unknown>): Promise<HttpError> => {
    const error = await answer.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof HttpError) return error;
    throw error ?? new Error("it was answered");
  };

  it("takes a time limit of any part of a millisecond, as what is left of a deadline may be", async () => {
    const response = await nodeHttpClient.send({ method: "GET", url: `${url}/exact`, timeout: 4_999.329_345_703_125 });
    expect(response.status).toBe(200);
  });

  it("sends method, headers and body, and answers status, headers in lower case, and text", async () => {
    const response = await get("/echo", { method: "POST", headers: { "X-Test": "yes" }, body: "grüße" });
    expect(response).toMatchObject({
      status: 201,
      text: "yes grüße",
      headers: { "x-upper": "Kept", "retry-after": "3" },
    });
  });

  it("answers with a status that is no success", async () => {
    expect(await get("/fail")).toMatchObject({ status: 503, text: "down" });
  });

  it("follows no redirect, which could lead inside our network", async () => {
    expect(await get("/moved")).toMatchObject({ status: 302, headers: { location: "/inside" } });
    expect(seen).not.toContain("GET /inside");
  });

  it.each(["/large", "/exact", "/endless", "/bomb"])("takes 1 MiB of a body and no more: %s", async (path) => {
    const { text } = await get(path);
    expect(text.length).toBe(MIB);
  });

  it("B8 gives up on time where no answer comes, and does not know whether it was heard", async () => {
    const began = performance.now();
    const error = await errorOf(get("/hang", { timeout: 100 }));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(error).toMatchObject({ outcome: "unknown", retry: true });
    expect(error.message).toBe(`no answer from ${new URL(url).host} within 100 ms`);
  });

  it("B8 holds the time limit for the body, too", async () => {
    const error = await errorOf(get("/stall", { timeout: 100 }));
    expect(error).toMatchObject({ outcome: "unknown", message: expect.stringContaining("within 100 ms") });
  });

  it("ends early by the caller's signal", async () => {
    const signal = AbortSignal.timeout(50);
    expect(await errorOf(get("/hang", { signal }))).toMatchObject({ outcome: "unknown" });
    const stopped = AbortSignal.abort(new Error("stopped"));
    expect(await errorOf(get("/hang", { signal: stopped }))).toMatchObject({ outcome: "not-sent" });
  });

  it.each(["/reset", "/cut"])("does not know whether it was heard when the connection breaks: %s", async (path) => {
    expect(await errorOf(get(path))).toMatchObject({ outcome: "unknown", retry: true });
  });

  it.each(["127.0.0.1", "localhost"])(
    "knows that nothing was sent when the connection is refused: %s",
    async (host) => {
      const port = await closedPort();
      const error = await errorOf(
        nodeHttpClient.send({ url: `http://${host}:${port}/`, method: "GET", timeout: 5_000 }),
      );
      expect(error).toMatchObject({ outcome: "not-sent", message: `no answer from ${host}:${port}: ECONNREFUSED` });
    },
  );

  it("T11 refuses a secret that no header can carry for good, and does not repeat it", async () => {
    const error = await get("/echo", { headers: { authorization: "Bearer hush\nhush" } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(VesperError);
    expect(error).toMatchObject({ retry: false, message: expect.stringContaining("authorization") });
    expect(`${error} ${error instanceof Error ? error.cause : ""}`).not.toContain("hush");
    expect(seen.filter((call) => call === "GET /echo")).toEqual([]);
  });

  it.each(["…", "a\0b", "猫", "Bearer x\n", "Bearer x\r\n", "\nx"])(
    "T11 refuses a secret with %j in it",
    async (value) => {
      await expect(get("/echo", { headers: { "x-test": value } })).rejects.toThrow(/the header x-test has/);
    },
  );

  it("never says the path or the query of an address, where a token may stand", async () => {
    const error = await errorOf(get("/hang?token=hush", { timeout: 50 }));
    expect(error.message).not.toContain("hush");
  });
});

describe("nodeHttpClient, on a kept connection that the other side has closed,", () => {
  let server: Server;
  let url: string;
  /** The connections by the number of requests that came on each, in order. */
  let connections: number[];
  /** Whether a connection's further requests are cut off: before any answer, or within it. */
  let cuts: "before" | "within" | undefined;
  beforeEach(async () => {
    [connections, cuts] = [[], "before"];
    const numbers = new Map<object, number>();
    server = createServer((request, response) => {
      const number = numbers.get(request.socket) ?? connections.length;
      numbers.set(request.socket, number);
      connections[number] = (connections[number] ?? 0) + 1;
      if (connections[number] === 1 || cuts === undefined) return response.end("answered");
      if (cuts === "before") return request.socket.destroy();
      response.writeHead(200, { "content-length": "100" }).write("half");
      return setTimeout(() => request.socket.destroy(), 20);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    vi.useRealTimers();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = async (more: Partial<HttpRequest>) => {
    const { text } = await nodeHttpClient.send({ url, method: "POST", body: "{}", timeout: 5_000, ...more });
    // The connection is kept from the next turn of the event loop on.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return text;
  };

  it.each<Partial<HttpRequest>>([{ method: "GET" }, { method: "PUT" }, { method: "DELETE" }, { idempotent: true }])(
    "makes a request once more on a new connection where it may be made twice: %j",
    async (more) => {
      expect(await send(more)).toBe("answered");
      expect(await send(more)).toBe("answered");
      expect(connections).toEqual([2, 1]);
    },
  );

  it.each<Partial<HttpRequest>>([{}, { method: "PATCH" }, { method: "PUT", idempotent: false }])(
    "takes the outcome for unknown where the request may not be made twice: %j",
    async (more) => {
      expect(await send(more)).toBe("answered");
      await expect(send(more)).rejects.toMatchObject({ name: "HttpError", outcome: "unknown" });
      expect(connections).toEqual([2]);
    },
  );

  it("does not repeat what was answered in part, or what went out on a new connection", async () => {
    cuts = "within";
    expect(await send({ idempotent: true })).toBe("answered");
    await expect(send({ idempotent: true })).rejects.toMatchObject({ outcome: "unknown" });
    expect(connections).toEqual([2]);
  });

  it("does not use a connection that was kept for longer than four seconds, as while a function is frozen", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    expect(await send({})).toBe("answered");
    vi.setSystemTime(Date.now() + 4_001);
    expect(await send({})).toBe("answered");
    cuts = undefined;
    vi.setSystemTime(Date.now() + 3_000);
    expect(await send({})).toBe("answered");
    expect(connections).toEqual([1, 2]);
  });
});

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

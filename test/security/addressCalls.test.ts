import dns from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ForbiddenAddress } from "../../lib/adapter/errors.ts";
import type { AddressOrigin } from "../../lib/adapter/http/isForbiddenAddress.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { startWebhookReceiver, TEST_SECRET } from "../harness/webhookReceiver.ts";
import { METADATA } from "./addressLists.ts";

describe("the HTTP client", () => {
  let server: Server;
  let port: number;
  let seen: string[];
  beforeAll(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(`${request.headers.host}${request.url}`);
      response.end("inside");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (url: string, origin?: AddressOrigin) =>
    nodeHttpClient.send({ url, method: "GET", timeout: 1_000, ...(origin ? { origin } : {}) });

  it("still calls this machine when it is configured, as npm start needs it", async () => {
    for (const host of ["127.0.0.1", "localhost"]) {
      expect(await get(`http://${host}:${port}/`)).toMatchObject({ status: 200, text: "inside" });
    }
  });

  it.each(["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])(
    "does not call %s when the address was received, not even over a connection that stands open",
    async (host) => {
      await get(`http://127.0.0.1:${port}/open`);
      await get(`http://localhost:${port}/open`);
      const before = seen.length;
      await expect(get(`http://${host}:${port}/token-hush`, "received")).rejects.toThrow(ForbiddenAddress);
      await expect(get(`http://${host}:${port}/token-hush`, "received")).rejects.not.toThrow(/hush/);
      expect(seen).toHaveLength(before);
    },
  );

  it.each(METADATA)("does not call %s", async (host) => {
    await expect(get(`http://${host}/latest/meta-data/`)).rejects.toThrow(ForbiddenAddress);
  });

  it.each(["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])(
    "does not call a name that leads to %s, even beside an innocent address",
    async (address) => {
      answerWith([
        { address: "127.0.0.1", family: 4 },
        { address, family: address.includes(":") ? 6 : 4 },
      ]);
      await expect(get(`http://rebound.example:${port}/`)).rejects.toThrow(/rebound\.example.+leads to/);
    },
  );

  it("connects to the address that it has checked, so that a name that changes its mind gains nothing", async () => {
    const lookups = answerWith([{ address: "127.0.0.1", family: 4 }], [{ address: "169.254.169.254", family: 4 }]);
    expect(await get(`http://changing.example:${port}/`)).toMatchObject({ text: "inside" });
    expect(lookups).toHaveBeenCalledTimes(1);
  });

  it("does not call a name that leads inside when it was received", async () => {
    answerWith([{ address: "10.0.0.7", family: 4 }]);
    await expect(get("http://inside.example/", "received")).rejects.toThrow(ForbiddenAddress);
  });

  it.each(["ftp://example.com/", "file:///etc/passwd", "data:text/plain,x"])(
    "calls nothing but HTTP: %s",
    async (url) => {
      await expect(get(url)).rejects.toThrow(ForbiddenAddress);
    },
  );

  /** What the resolver answers, one answer a question. */
  function answerWith(...answers: readonly (readonly dns.LookupAddress[])[]) {
    let asked = 0;
    const answer = (_name: string, _options: object, callback: (error: null, found: unknown) => void) =>
      callback(null, answers[Math.min(asked++, answers.length - 1)]);
    return vi.spyOn(dns, "lookup").mockImplementation(answer as unknown as typeof dns.lookup);
  }
});

describe("a provider that redirects", () => {
  it.each([301, 302, 303, 307, 308])(
    "gets its own request and no other when it redirects with %d, signature included",
    async (status) => {
      const [provider, elsewhere] = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
      provider.setMode(status, { location: `${elsewhere.url}/collect` });
      const adapter = webhook({ url: provider.url, secret: secret("S") }).create(
        testServices({ S: TEST_SECRET }, 2_000),
      );
      const error = await failureOf(
        adapter.onSessionEnd(
          {
            ...{ tenant: "t", session: "s", conversation: "c", platform: "p", chat: { id: "c", type: "dm" } },
            ...{ users: [], reason: "idle", startedAt: 0, endedAt: 0, turns: 1, messages: [] },
          },
          {
            ...{
              deliveryKey: "k",
              attempt: 1,
              timeout: 1_000,
              signal: AbortSignal.timeout(1_000),
              checkpoint: undefined,
            },
            saveCheckpoint: async () => undefined,
          },
        ),
      );
      expect(error).toMatchObject({ kind: "invalid", retry: false, status });
      expect(error.message).not.toContain("collect");
      expect(provider.requests).toHaveLength(1);
      expect(elsewhere.requests).toEqual([]);
      await Promise.all([provider.close(), elsewhere.close()]);
    },
  );
});

import dns from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ForbiddenAddress } from "../../lib/adapter/errors.ts";
import { type AddressOrigin, isForbiddenAddress } from "../../lib/adapter/http/isForbiddenAddress.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { startWebhookReceiver, TEST_SECRET } from "../harness/webhookReceiver.ts";
import { edgeStand } from "./edgeStand.ts";

/** The same metadata service, written in every way that leads there. */
const METADATA = [
  ...["169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.169.254.", "2852039166", "0xA9FEA9FE"],
  ...[
    "0251.0376.0251.0376",
    "0xa9.0xfe.0xa9.0xfe",
    "169.254.43518",
    "169.16689662",
    "１６９.254.169.254",
    "169。254。169。254",
  ],
  ...["%31%36%39.254.169.254", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[0:0:0:0:0:ffff:a9fe:a9fe]"],
  ...["[::a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[fd00:ec2::254]", "[fd00:ec2::23]", "[fe80::1]"],
  ...["100.100.100.200", "168.63.129.16", "[fd20:ce::254]", "[::ffff:0:169.254.169.254]"],
  // A network's own NAT64, by the length of its prefix: 96, 64, 56 and 48 bits.
  ...["[64:ff9b:1::a9fe:a9fe]", "[64:ff9b:1:7:8:9:169.254.169.254]", "[64:ff9b:1:7:a9:fea9:fe00::]"],
  ...["[64:ff9b:1:7a9:fe:a9fe::]", "[64:ff9b:1:a9fe:a9:fe00::]"],
];

/** Addresses inside a network. */
const INTERNAL = [
  ...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "10.0.0.1", "172.16.0.1"],
  ...["172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]"],
  ...["[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[64:ff9b::7f00:1]"],
  ...["[2002:7f00:1::]", "[2002:c0a8:101::]", "[2001:db8::1]", "192.0.2.1", "[::7f00:1]", "[fec0::1]"],
  ...["[64:ff9b:1::10.0.0.1]", "[64:ff9b:1::1.1.1.1]", "[64:ff9b:1:a00:0:100::]", "[64:ff9b:1::]"],
];

const PUBLIC = [
  "1.1.1.1",
  "8.8.8.8",
  "172.32.0.1",
  "169.253.0.1",
  "[2606:4700::1111]",
  "[2a00:1450::1]",
  "example.com",
];

/** Half of them of a metadata service, which any address hardly ever is. */
const anyIpV4 = fc.oneof(
  fc.ipV4(),
  fc.ipV4().map((address) => address.replace(/^\d+\.\d+/, "169.254")),
);

/** An address of version 4 as two groups of version 6. */
function groupsOf(address: string): readonly string[] {
  return Buffer.from(address.split(".").map(Number))
    .toString("hex")
    .replace(/^(.{4})/, "$1:")
    .split(":");
}

describe("the check of an address", () => {
  const forbidden = (host: string, origin: AddressOrigin) =>
    isForbiddenAddress(new URL(`http://${host}/`).hostname, origin);

  it.each(METADATA)("never lets a metadata service be called: %s", (host) => {
    expect(forbidden(host, "configured")).toBe(true);
    expect(forbidden(host, "received")).toBe(true);
  });

  it.each(INTERNAL)(
    "allows an address inside a network when it is configured, and never when it was received: %s",
    (host) => {
      expect(forbidden(host, "configured")).toBe(false);
      expect(forbidden(host, "received")).toBe(true);
    },
  );

  it.each(PUBLIC)("allows an address of the internet: %s", (host) => {
    expect(forbidden(host, "configured")).toBe(false);
    expect(forbidden(host, "received")).toBe(false);
  });

  it("treats an address of version 4 the same behind every prefix of version 6 that stands for it", () => {
    const sixToFour = (address: string) => `2002:${groupsOf(address).join(":")}::`;
    const dotted = ["::ffff:", "::ffff:0:", "64:ff9b::"].map((prefix) => (address: string) => `${prefix}${address}`);
    fc.assert(
      fc.property(anyIpV4, fc.constantFrom(sixToFour, ...dotted), (address, within) => {
        for (const origin of ["configured", "received"] as const) {
          expect(isForbiddenAddress(within(address), origin)).toBe(isForbiddenAddress(address, origin));
        }
      }),
      { numRuns: 600 },
    );
  });

  it("takes an address of version 4 behind a network's own NAT64 for one within the network, and finds a metadata service there, too", () => {
    const middle = fc.integer({ min: 1, max: 0xffff }).map((group) => group.toString(16));
    fc.assert(
      fc.property(anyIpV4, middle, (address, group) => {
        const within = `64:ff9b:1:${group}::${address}`;
        expect(isForbiddenAddress(within, "received")).toBe(true);
        if (isForbiddenAddress(address, "configured")) expect(isForbiddenAddress(within, "configured")).toBe(true);
        else expect(isForbiddenAddress(`64:ff9b:1::${address}`, "configured")).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it("forbids or allows any text, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.ipV6(), fc.domain()), (text) => {
        expect(isForbiddenAddress(text, "received")).toBeTypeOf("boolean");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a config with addresses", () => {
  const givenTo = (url: string) => [
    { platforms: { x: http({ secret: secret("S"), replyUrl: url }) } },
    { platforms: { x: telegram({ token: secret("T"), secretToken: secret("S"), apiBase: url }) } },
    { platforms: {}, memory: { x: webhook({ url, secret: secret("S") }) } },
  ];

  it.each([
    ...METADATA.map((host) => `http://${host}/latest/meta-data/`),
    ...["http://user:pw@example.com/", "http://169.254.169.254@example.com/", "file:///etc/passwd", "gopher://x/"],
    ...["data:text/plain,x", "http:// 169.254.169.254/", "//example.com", "http://[::1", "http://x:99999/", ""],
  ])("is refused when it sends to %s", (url) => {
    for (const config of givenTo(url)) expect(() => defineConfig(config)).toThrow(/^the config is wrong/);
  });

  it.each(["http://127.0.0.1:8787/replies", "http://localhost/", "http://10.0.0.7/hook", "https://example.com/x?y"])(
    "is taken when it sends to %s",
    (url) => {
      for (const config of givenTo(url)) expect(() => defineConfig(config)).not.toThrow();
    },
  );
});

describe("a message with an address", () => {
  it.each(["replyUrl", "reply_url", "callback", "webhook", "url"])(
    "is refused when it brings an address along as %s",
    async (name) => {
      const edge = edgeStand();
      const body = { conversation: "c", user: { id: "u" }, text: "hi", [name]: "http://169.254.169.254/" };
      const answer = await edge.postSigned(JSON.stringify(body));
      expect(answer.statusCode).toBe(400);
      expect(JSON.parse(answer.body ?? "")).toMatchObject({ field: name });
      expect(edge.bodies).toEqual([]);
    },
  );
});

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

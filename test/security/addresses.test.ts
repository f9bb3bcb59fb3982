import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AddressOrigin, isForbiddenAddress } from "../../lib/adapter/http/isForbiddenAddress.ts";
import { defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { INTERNAL, METADATA, PUBLIC } from "./addressLists.ts";
import { edgeStand } from "./edgeStand.ts";

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

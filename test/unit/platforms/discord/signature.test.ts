import { verifyKey } from "discord-interactions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createApplicationKey, signCall } from "../../../../emulators/platforms/discord/interactions.ts";
import {
  isSigned,
  publicKeyOf,
  type SignedHeaders,
  signedHeaders,
} from "../../../../lib/platforms/discord/signature.ts";
import { KEY } from "./discordCall.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

function headersOf(headers: Readonly<Record<string, string>>, now = NOW): SignedHeaders {
  const signed = signedHeaders(headers, now);
  if (typeof signed === "string") throw new Error(signed);
  return signed;
}

describe("a call's signature", () => {
  it("is Ed25519: a vector of RFC 8032, 7.1, test 3", () => {
    const key = publicKeyOf("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    const signature = Buffer.from(
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
      "hex",
    );
    // The message is two bytes; the timestamp is no part of it here.
    expect(isSigned(key, { timestamp: "", signature }, Buffer.from("af82", "hex"))).toBe(true);
    expect(isSigned(key, { timestamp: "", signature }, Buffer.from("af83", "hex"))).toBe(false);
  });

  it("is taken and refused as by Discord's own library, whatever the body's bytes", async () => {
    const key = publicKeyOf(KEY.publicKey);
    const other = createApplicationKey();
    const bodies = fc.uint8Array({ maxLength: 300 });
    const cases = fc.record({ body: bodies, signed: bodies, isOurs: fc.boolean(), isSame: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(cases, async ({ body, signed, isOurs, isSame }) => {
        const { headers } = signCall(isOurs ? KEY : other, isSame ? body : signed, NOW);
        const ours = isSigned(key, headersOf(headers), body);
        const { "x-signature-ed25519": signature = "", "x-signature-timestamp": timestamp = "" } = headers;
        expect(ours).toBe(await verifyKey(Buffer.from(body), signature, timestamp, KEY.publicKey));
      }),
      { numRuns: 50 },
    );
  });

  it("counts for five minutes by our clock, before and after", () => {
    const { headers } = signCall(KEY, "{}", NOW);
    for (const seconds of [-300, 0, 300]) expect(typeof signedHeaders(headers, NOW + seconds * 1000)).toBe("object");
    for (const seconds of [-301, 301]) {
      expect(signedHeaders(headers, NOW + seconds * 1000)).toContain("more than 5 minutes away");
    }
  });
});

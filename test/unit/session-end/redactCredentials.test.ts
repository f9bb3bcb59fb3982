import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { describe, expect, it } from "vitest";
import { CREDENTIALS } from "../../../lib/session-end/cleaning/credentials.ts";
import { redactCredentials } from "../../../lib/session-end/cleaning/redactCredentials.ts";
import { SAMPLES } from "./credentialSamples.ts";

/** How many credentials secretlint's recommended rules find in a text. */
async function foundBySecretlint(content: string): Promise<number> {
  const { messages } = await lintSource({
    source: { content, filePath: "/transcript.txt", ext: ".txt", contentType: "text" },
    options: { config: { rules: [{ id: "preset", rule: creator, options: {} }] }, maskSecrets: true },
  });
  return messages.filter(({ type }) => type === "message").length;
}

describe("redacting credentials", () => {
  it.each(SAMPLES)("takes out $what, and leaves the words around it", ({ what, secret, line = secret }) => {
    const { text, count } = redactCredentials(`Here it is: ${line} \n– is it right?`);
    expect(text).not.toContain(secret.slice(0, 20));
    expect(text).toContain(`[redacted ${what}]`);
    expect(text).toMatch(/^Here it is: /);
    // Of a key without an end nobody knows where it ends.
    if (!secret.endsWith("no end")) expect(text).toMatch(/– is it right\?$/);
    expect(count).toBe(1);
  });

  it("has a sample of every kind", () => {
    expect([...new Set(SAMPLES.map(({ what }) => what))]).toEqual(Object.keys(CREDENTIALS));
  });

  it("leaves nothing that secretlint's recommended rules find in the samples", async () => {
    let found = 0;
    for (const { secret, line = secret } of SAMPLES) {
      found += await foundBySecretlint(line);
      expect(await foundBySecretlint(redactCredentials(line).text), line).toBe(0);
    }
    // It knows most of them, so that the comparison says something.
    expect(found).toBeGreaterThanOrEqual(12);
  });

  it("leaves what is redacted as it is", () => {
    for (const { secret, line = secret } of SAMPLES) {
      const once = redactCredentials(line).text;
      expect(redactCredentials(once)).toEqual({ text: once, count: 0 });
    }
  });

  it.each([
    "My name is Ann and I live in Lisbon.",
    "The secret is patience: never give up.",
    "Token: what is a token?",
    "the password: I forgot it",
    "Meet me at https://example.com:8080/path?x=1 or mail ann@example.com",
    "task-123456789012345678901234567890",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "order 123456789012:ABC",
    "sk-8 and sk-ate",
    "👩‍👩‍👧 نور 李 – 2026-03-01T12:00:00Z, +351 912 345 678",
  ])("leaves %j as it is", (text) => {
    expect(redactCredentials(text)).toEqual({ text, count: 0 });
  });

  it("takes a time that grows with the text alone, whatever it looks like", () => {
    const begins = [
      "-----BEGIN RSA PRIVATE KEY-----",
      "sk-",
      "eyJ",
      "password: ",
      "aws secret key = ",
      "a://b:",
      "a://",
      "gl-",
    ];
    for (const begin of [...begins, "a", "A", "1", "_", "eyJaaaaaaaaaa."]) {
      const start = performance.now();
      redactCredentials(begin.repeat(400_000 / begin.length));
      expect(performance.now() - start, begin).toBeLessThan(1_500);
    }
  });
});

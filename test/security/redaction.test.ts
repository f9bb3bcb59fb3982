import { describe, expect, it } from "vitest";
import { systemClock } from "../../lib/domain/observability.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";

describe("a secret across a cut", () => {
  const SECRET = "sk-live-7Hq2Lw9Zx4Kd8Vb1";
  /** No eight of its characters in a row may be left. */
  const PIECES = Array.from({ length: SECRET.length - 7 }, (_, at) => SECRET.slice(at, at + 8));

  it.each([
    ["message", 900],
    ["stack", 3_900],
  ])("leaves nothing of itself in the log when the %s is cut, wherever it begins", async (name, first) => {
    const known = knownSecrets({ get: async () => SECRET });
    await known.get({ secret: "S" });
    const lines: string[] = [];
    // As coreFromEnvironment puts it together.
    const log = jsonLogger(systemClock, "info", (line) => lines.push(known.redact(line)), known.redact);
    for (let offset = first; offset <= first + 200; offset++) {
      const text = `${"x".repeat(offset)}${SECRET} is what I was given`;
      const error = new Error(name === "message" ? text : "short");
      if (name === "stack") error.stack = text;
      log.error("hook.failed", error, { session: text });
      log.error("odd", text);
    }
    expect(lines).toHaveLength(402);
    for (const line of lines) expect(PIECES.filter((piece) => line.includes(piece))).toEqual([]);
  });
});

describe("a known secret", () => {
  const SECRET = "whsec_aB3/x+Y9=zQ.k&<>\"' é🙂";

  it.each<[string, string]>([
    ["as it is", SECRET],
    ["without its label", SECRET.slice(6)],
    ["in an address", encodeURIComponent(SECRET)],
    ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["in PHP's JSON", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
    [
      "in a page",
      SECRET.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ],
    ["in a form", encodeURIComponent(SECRET).replaceAll("%20", "+")],
    ["in base64", Buffer.from(SECRET).toString("base64")],
    ["in base64 of more", Buffer.from(`user:${SECRET}`).toString("base64")],
    ["in base64 for addresses", Buffer.from(`u:${SECRET}`).toString("base64url")],
    ["in capitals", SECRET.toUpperCase()],
  ])("is taken out of a text that has it %s", async (_, form) => {
    const secrets = knownSecrets({ get: async () => SECRET });
    expect(secrets.redact(form)).toBe(form);
    await secrets.get({ secret: "S" });
    expect(secrets.redact(`before ${form} after`)).toMatch(/^before \S*<secret>\S* after$/);
    expect(secrets.redact(`before ${form} after`)).not.toMatch(/b3.{0,6}x.{0,6}y9/i);
  });

  it("is taken out of an address where it has a letter that is written small like one of ASCII", async () => {
    // The sign of kelvin, a small "k".
    const secret = "abc\u212adef-1234";
    const secrets = knownSecrets({ get: async () => secret });
    await secrets.get({ secret: "S" });
    expect(secrets.redact(encodeURIComponent(secret))).toBe("<secret>");
  });

  it("takes nothing out when it is too short to be a secret", async () => {
    const secrets = knownSecrets({ get: async () => "ok" });
    await secrets.get({ secret: "S" });
    expect(secrets.redact("it is ok")).toBe("it is ok");
  });

  it("is taken out quickly, whatever the text", async () => {
    const secrets = knownSecrets({ get: async () => "/\\%&#0;u00" });
    await secrets.get({ secret: "S" });
    for (const part of ["\\", "&#0", "%0", "\\u00", "/", "&#x0"]) {
      const began = performance.now();
      secrets.redact(part.repeat(1024 * 256));
      expect(performance.now() - began, part).toBeLessThan(1_500);
    }
  });
});

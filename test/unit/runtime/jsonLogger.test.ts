import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../../lib/adapter/errors.ts";
import { jsonLogger } from "../../../lib/runtime/jsonLogger.ts";

const NOW = Date.UTC(2026, 2, 2, 10);

const clock = { now: () => NOW, until: async () => {} };

function logger(least = "info") {
  const lines: string[] = [];
  return { lines, log: jsonLogger(clock, least, (line) => lines.push(line)) };
}

describe("jsonLogger", () => {
  it("writes one object a line, with time, level and event first", () => {
    const { log, lines } = logger();
    log.info("session.sealed", { session: "S1", turns: 3 });
    expect(lines).toEqual([
      '{"time":"2026-03-02T10:00:00.000Z","level":"info","event":"session.sealed","session":"S1","turns":3}',
    ]);
  });

  it("leaves out fields that are undefined", () => {
    const { log, lines } = logger();
    log.warn("hook.overdue", { session: undefined });
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      time: "2026-03-02T10:00:00.000Z",
      level: "warn",
      event: "hook.overdue",
    });
  });

  it.each([
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
    ["debug", ["info", "warn", "error"]],
  ])("writes lines from level %s on", (least, levels) => {
    const { log, lines } = logger(least);
    log.info("a");
    log.warn("b");
    log.error("c", new Error("x"));
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(levels);
  });

  it("L8 writes an error's name, message, stack and causes", () => {
    const { log, lines } = logger();
    const cause = new TypeError("undici", { cause: new Error("ECONNRESET") });
    log.error("hook.failed", new DeliveryError("transient", "no answer", { cause }), { provider: "crm" });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      provider: "crm",
      error: "DeliveryError",
      message: "no answer",
      stack: expect.stringContaining("jsonLogger.test.ts"),
      cause: "TypeError: undici <- Error: ECONNRESET",
    });
  });

  it("leaves the body of a provider's answer out, as it may repeat a transcript", () => {
    const { log, lines } = logger();
    log.error("hook.failed", new DeliveryError("invalid", "crm answered 400", { status: 400, body: "my words" }));
    expect(lines[0]).not.toContain("my words");
  });

  it("ends the causes of an error that causes itself", () => {
    const { log, lines } = logger();
    const error = new Error("round");
    error.cause = error;
    log.error("odd", error);
    expect(lines).toHaveLength(1);
  });

  it.each([["text"], [undefined], [null], [42], [Symbol("s")]])("writes a thrown %s", (thrown) => {
    const { log, lines } = logger();
    log.error("odd", thrown);
    expect(JSON.parse(lines[0] ?? "").error).toBe(String(thrown));
  });

  it("lets no text forge a line, and writes lines that can be read", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.constant('\n{"level":"error","event":"forged"}\r\n\u2028'));
    fc.assert(
      fc.property(text, text, text, (event, field, message) => {
        const { log, lines } = logger();
        log.info(event, { field });
        log.error(event, new Error(message, { cause: new Error(message) }), { field });
        expect(lines).toHaveLength(2);
        for (const line of lines) {
          expect(line).not.toMatch(/[\r\n]/);
          expect(JSON.parse(line)).toMatchObject({ event, field });
        }
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../../lib/adapter/errors.ts";
import type { Measure } from "../../../lib/domain/observability.ts";
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

describe("a line that carries metrics", () => {
  const lines: string[] = [];
  const clock = { now: () => 1_772_445_600_000, until: async () => {} };
  const measures = [
    { name: "SessionEnded", value: 1, unit: "Count", by: { Reason: "idle" } },
    { name: "ExpiryLateness", value: 7, unit: "Milliseconds" },
    { name: "HookDelivered", value: 1, unit: "Count", by: { Provider: "crm" } },
  ] as const;
  const tell = (least: string, gateway?: string, put: readonly Measure[] = measures) => {
    lines.length = 0;
    jsonLogger(clock, least, (line) => lines.push(line), undefined, gateway).info("session.sealed", { turns: 3 }, put);
    return lines.map((line): unknown => JSON.parse(line));
  };
  const plain = { time: "2026-03-02T10:00:00.000Z", level: "info", event: "session.sealed", turns: 3 };

  it("is one of CloudWatch's embedded format, too, with a directive for each kind of dimensions, whatever its level", () => {
    const directive = (dimensions: readonly string[], ...metrics: readonly (readonly [string, string])[]) => ({
      ...{ Namespace: "Vesper", Dimensions: [dimensions], Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })) },
    });
    const both = {
      ...plain,
      _aws: {
        Timestamp: 1_772_445_600_000,
        CloudWatchMetrics: [
          directive(["Gateway", "Reason"], ["SessionEnded", "Count"]),
          directive(["Gateway"], ["ExpiryLateness", "Milliseconds"], ["HookDelivered", "Count"]),
        ],
      },
      ...{ Gateway: "vesper", Reason: "idle", SessionEnded: 1, ExpiryLateness: 7, Provider: "crm", HookDelivered: 1 },
    };
    expect(tell("info", "vesper")).toEqual([both]);
    expect(tell("error", "vesper")).toEqual([both]);
  });

  it("is one of the log alone where nobody reads metrics from it, or there are none", () => {
    expect([tell("info"), tell("error")]).toEqual([[plain], []]);
    expect([tell("info", "vesper", []), tell("error", "vesper", [])]).toEqual([[plain], []]);
  });
});

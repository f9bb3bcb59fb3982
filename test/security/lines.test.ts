import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { emfMetrics } from "../../lib/runtime/embeddedMetrics.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";
import { ProviderBug } from "../../lib/session-end/errors.ts";
import { summarizeLine } from "../../local/functions/summarizeLine.ts";
import { edgeStand } from "./edgeStand.ts";
import { hostileText } from "./hostileText.ts";

const clock = { now: () => Date.UTC(2026, 2, 2, 10), until: async () => {} };

/** What ends a line, acts on a terminal or turns the direction of writing. */
const ACTIVE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u;

const RUNS = { numRuns: 500 };

describe("a line of the log", () => {
  it("is one short line of JSON without an active character, whatever is logged", () => {
    const errors = fc.tuple(hostileText, hostileText, hostileText).map(([message, cause, name]) => {
      const error = new Error(message, { cause: new TypeError(cause) });
      error.name = name;
      return error;
    });
    fc.assert(
      fc.property(hostileText, hostileText, fc.oneof(errors, hostileText, fc.anything()), (a, b, error) => {
        const lines: string[] = [];
        const log = jsonLogger(clock, "info", (line) => lines.push(line));
        log.warn("webhook.refused", { platform: a, field: b });
        log.error("hook.failed", error, { session: a });
        expect(lines).toHaveLength(2);
        for (const line of lines) {
          expect(line).not.toMatch(ACTIVE);
          expect(line.length).toBeLessThan(60_000);
          expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/^(warn|error)$/) });
        }
        expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "webhook.refused", level: "warn" });
      }),
      RUNS,
    );
  });

  it.each<[string, unknown]>([
    ["an object without words", { toString: 0 }],
    ["an object without a prototype", Object.create(null)],
    ["an error with an object for a message", Object.assign(new Error("x"), { message: Object.create(null) })],
    ["an error with numbers for texts", Object.assign(new Error("x"), { message: 5, name: 6, stack: 7 })],
    [
      "an error with such a cause",
      new Error("x", { cause: Object.assign(new Error("y"), { message: { toString: 1 } }) }),
    ],
    ["a symbol", Symbol("x")],
    ["nothing", undefined],
  ])("is written although %s was thrown, and the provider that threw it has a bug", (_, thrown) => {
    const lines: string[] = [];
    jsonLogger(clock, "info", (line) => lines.push(line)).error("hook.dead", thrown);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "hook.dead", error: expect.any(String) });
    expect(new ProviderBug("crm", thrown).message).toMatch(/^crm threw ./);
  });

  it("is one line without an active character on the console of npm start", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const lines: string[] = [];
        const log = jsonLogger(clock, "info", (line) => lines.push(line));
        log.error("hook.failed", new DeliveryError("auth", a), { session: b, provider: "crm" });
        log.warn("webhook.refused", { platform: a, field: b });
        for (const line of lines) {
          const shown = summarizeLine("Webhook", line) ?? "";
          expect(shown).toMatch(/^(error|warn) {2}Webhook {2}(hook\.failed|webhook\.refused)/);
          expect(shown).not.toMatch(ACTIVE);
          expect(shown.length).toBeLessThanOrEqual(240);
        }
      }),
      RUNS,
    );
  });

  it("holds no line of a refused caller's, and no more than the head of a name", async () => {
    const edge = edgeStand();
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (name, key) => {
        edge.lines.length = 0;
        const answers = [
          await edge.post(name, "{}", { "webhook-id": key }),
          await edge.postSigned(JSON.stringify({ conversation: "c", user: { id: "u" }, text: "x", [key]: 1 })),
        ];
        expect(edge.lines).toHaveLength(2);
        for (const line of edge.lines) {
          expect(line).not.toMatch(ACTIVE);
          expect(line.length).toBeLessThan(600);
        }
        for (const { headers, body = "" } of answers) {
          for (const value of Object.values(headers ?? {})) expect(String(value)).toMatch(/^[\x20-\x7e]*$/);
          expect(body).not.toMatch(/[\n\r]/);
          expect(body.length).toBeLessThan(600);
        }
      }),
      RUNS,
    );
  });

  it("is one line for a metric, whatever its dimension", () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const lines: string[] = [];
        emfMetrics(clock, "vesper", (line) => lines.push(line)).put("HookFailed", 1, "Count", { Provider: name });
        expect(lines).toHaveLength(1);
        expect(lines[0]).not.toMatch(/[\n\r]/);
        expect(JSON.parse(lines[0] ?? "")).toMatchObject({
          HookFailed: 1,
          Gateway: "vesper",
          Provider: name,
        });
      }),
      RUNS,
    );
  });
});

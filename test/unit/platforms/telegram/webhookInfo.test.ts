import { describe, expect, it } from "vitest";
import { webhookProblem } from "../../../../lib/platforms/telegram/webhookInfo.ts";

const URL = "https://example.com/webhooks/telegram";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const SECOND = 1_000;

const HOUR = 3_600 * SECOND;

describe("webhookInfo", () => {
  const problem = (waiting: number, failedAt?: number) =>
    webhookProblem(
      {
        ...{ url: URL, pending_update_count: waiting, last_error_message: "Wrong response: 503" },
        ...(failedAt === undefined ? {} : { last_error_date: failedAt / SECOND }),
      },
      URL,
      NOW,
    );

  it("tells an error of the last hour, while updates wait", () => {
    expect(problem(3, NOW - HOUR + SECOND)).toBe('3 updates wait, as Telegram got "Wrong response: 503"');
    expect(problem(3, NOW)).toBeDefined();
    expect(problem(0, NOW)).toBeUndefined();
  });

  it("tells no error of long ago, which stays there for years", () => {
    expect(problem(3, NOW - HOUR)).toBeUndefined();
    expect(problem(1, Date.parse("2021-01-01T00:00:00Z"))).toBeUndefined();
  });

  it("tells an error whose time a server does not say", () => {
    expect(problem(3)).toBeDefined();
  });
});

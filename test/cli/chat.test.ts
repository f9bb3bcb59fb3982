import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { openPrompt } from "../../bin/chat/openPrompt.ts";
import { isSettled, type SessionState, sessionNews } from "../../bin/chat/sessionNews.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import type { Session } from "../../lib/domain/Session.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

function hook(more: Partial<Hook>): Hook {
  return {
    ...{
      session: "S",
      conversation: "c",
      provider: "crm",
      status: "pending",
      createdAt: NOW,
      attempts: 1,
      failures: [],
    },
    ...{ nextAttemptAt: NOW, redrives: 0, enqueues: 0 },
    ...more,
  };
}

function ended(...hooks: readonly Hook[]): SessionState {
  const session: Session = {
    ...{ session: "S", conversation: "c", platform: "http", chat: { id: "c", type: "dm" }, origin: "chat" },
    ...{ startedAt: NOW, status: "ended", reason: "idle", endedAt: NOW, turns: 2 },
  };
  return { session, hooks };
}

const failure = { at: NOW, took: 5, kind: "transient", status: 503, message: "crm\nanswered 503" };

describe("the chat", () => {
  it("tells a session's end with the reason, and each hook's failure with its next attempt, once", () => {
    const failed = ended(hook({ failures: [failure], nextAttemptAt: NOW + 120_000 }));
    expect(sessionNews(undefined, failed, NOW)).toEqual([
      "session S ended: idle, 2 turns",
      "crm: failed: transient, crm answered 503; next attempt in 2m",
    ]);
    expect(sessionNews(failed, failed, NOW)).toEqual([]);
    expect(isSettled(failed)).toBe(false);
  });

  it("tells a death with what to do, a redrive, an acceptance, the delivery with its receipt, and what was skipped", () => {
    const dead = ended(hook({ status: "dead", failures: [failure] }));
    expect(sessionNews(ended(hook({})), dead, NOW)).toEqual([
      "crm: dead: transient, crm answered 503; mend the cause, then: npx vesper hooks redrive S crm",
    ]);
    const again = ended(hook({ failures: [failure] }));
    expect(sessionNews(dead, again, NOW)).toEqual(["crm: pending again"]);
    const done = ended(hook({ status: "delivered", failures: [failure], receipt: { body: "kept" } }));
    expect(sessionNews(again, done, NOW)).toEqual(["crm: delivered: kept"]);
    expect(isSettled(done)).toBe(true);
    const accepted = { attempts: 1, ticket: "{}", heardAt: NOW };
    const working = ended(hook({ accepted, acceptedAt: NOW, nextAttemptAt: NOW + 120_000 }));
    expect(sessionNews(ended(hook({})), working, NOW)).toEqual(["crm: accepted, and at work"]);
    expect(sessionNews(working, working, NOW)).toEqual([]);
    expect(isSettled(working)).toBe(false);
    const unasked = ended(hook({ accepted, acceptedAt: NOW, failures: [failure], nextAttemptAt: NOW + 120_000 }));
    expect(sessionNews(working, unasked, NOW)).toEqual(["crm: failed: transient, crm answered 503; asked again in 2m"]);
    const skipped = ended(hook({ status: "skipped", skipped: "memory-off" }));
    expect(sessionNews(ended(), skipped, NOW)).toEqual(["crm: skipped: memory-off"]);
  });
});

describe("the prompt that stays", () => {
  const open = (isTTY: boolean) => {
    const input = new PassThrough();
    const output = Object.assign(new PassThrough(), isTTY ? { isTTY, columns: 80 } : {});
    let text = "";
    output.on("data", (chunk) => {
      text += chunk;
    });
    return { prompt: openPrompt(input, output), input, shown: () => text };
  };

  it("prints above what is being typed, and shows that again", () => {
    const { prompt, input, shown } = open(true);
    prompt.ask("cli> ");
    input.write("hel");
    prompt.print("news");
    prompt[Symbol.dispose]();
    const [typed = "", after = ""] = shown().split("\u001B[2K");
    expect(typed).toMatch(/cli> .*hel$/s);
    expect(after).toMatch(/news\n.*cli> hel/s);
  });

  it("leaves its label out where no person types", () => {
    const { prompt, shown } = open(false);
    prompt.ask("cli> ");
    prompt.print("news");
    prompt[Symbol.dispose]();
    expect(shown()).toBe("news\n");
  });
});

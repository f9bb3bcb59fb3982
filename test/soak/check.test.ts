import { describe, expect, it } from "vitest";
import { check } from "../../soak/check.ts";
import type { ReceivedCall } from "../../soak/ReceivedCall.ts";
import type { SentMessage } from "../../soak/SentMessage.ts";

function message(index: number, more: Partial<SentMessage> = {}): SentMessage {
  return {
    ...{ conversation: "d0", index, delivery: `d0.${index}`, kind: "text", words: `d0/${index} hello`, timed: true },
    ...{ attempts: 1, acknowledged: true, stepsBefore: 0, stepsBack: 0, ...more },
  };
}

const sent = [message(0), message(1), message(2, { kind: "reset", words: "" }), message(3)];
const replies = sent.map(({ delivery }) => call(`reply-${delivery}`, { inReplyTo: delivery }));

function call(id: string, body: unknown): ReceivedCall {
  return { id, digest: JSON.stringify(body), told: true, body };
}

/** A delivered session with these of the conversation's messages, each answered. */
function session(name: string, ...indexes: readonly number[]): ReceivedCall {
  const messages = indexes.flatMap((index) => [
    { role: "user", content: `d0/${index} hello` },
    { role: "assistant", content: "hello" },
  ]);
  const data = { session: name, reason: "idle", turns: indexes.length, messages };
  return call(`id-${name}`, { type: "session.ended", data });
}

const good = [session("a", 0, 1), session("b", 3)];

describe("check", () => {
  it("finds nothing where nothing is wrong, and counts repeated calls", () => {
    const verdict = check(sent, [...good, ...good], [...replies, ...replies.slice(0, 2)]);
    expect(verdict).toMatchObject({ lost: [], doubled: [], misplaced: [], unanswered: [], failedTurns: 0 });
    expect(verdict).toMatchObject({ sessions: 2, reasons: { idle: 2 }, repliesDoubled: 2 });
    expect(verdict.attempts).toEqual({ provider: 4, replies: 6 });
  });

  it("finds a message that no session holds, unless it was never acknowledged", () => {
    expect(check(sent, good.slice(0, 1), replies).lost).toHaveLength(1);
    const unsent = [...sent.slice(0, 3), message(3, { acknowledged: false })];
    expect(check(unsent, good.slice(0, 1), replies).lost).toEqual([]);
  });

  it.each([
    ["a message twice in a session", [session("a", 0, 1, 1), session("b", 3)]],
    ["a message in two sessions", [...good, session("c", 3)]],
    ["a session under two ids", [...good, { ...session("b", 3), id: "other" }]],
    ["an id with two bodies", [...good, { ...session("b", 3), digest: "other" }]],
  ])("finds %s", (_, provider) => {
    expect(check(sent, provider, replies).doubled).not.toEqual([]);
  });

  it.each([
    ["a wrong order", [session("a", 1, 0), session("b", 3)]],
    ["a session that goes on after a reset", [session("a", 0, 1, 3)]],
    ["sessions across each other", [session("a", 0, 3), session("b", 1)]],
    ["words that nobody sent", [...good, session("c", 7)]],
  ])("finds %s", (_, provider) => {
    expect(check(sent, provider, replies).misplaced).not.toEqual([]);
  });

  it("does not count an order that our own clock gave when it was set back", () => {
    const untimed = [message(0, { timed: false }), message(1, { timed: false, stepsBack: 1 }), ...sent.slice(2)];
    const verdict = check(untimed, [session("a", 1, 0), session("b", 3)], replies);
    expect([verdict.misplaced, verdict.reordered]).toEqual([[], 1]);

    const notBetween = untimed.map((one) => ({ ...one, stepsBefore: 1, stepsBack: 1 }));
    expect(check(notBetween, [session("a", 1, 0), session("b", 3)], replies).misplaced).toHaveLength(1);
  });

  it("finds a message without a reply", () => {
    expect(check(sent, good, replies.slice(1)).unanswered).toHaveLength(1);
  });
});

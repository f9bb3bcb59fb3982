import { describe, expect, it } from "vitest";
import { check } from "../../../verification/soak/check.ts";
import type { ReceivedCall } from "../../../verification/soak/ReceivedCall.ts";
import type { SentMessage } from "../../../verification/soak/SentMessage.ts";

function message(index: number, more: Partial<SentMessage> = {}): SentMessage {
  return {
    ...{ conversation: "d0", index, messageId: `d0.${index}`, kind: "text", words: `d0/${index} hello`, timed: true },
    ...{ attempts: 1, acknowledged: true, stepsBefore: 0, stepsBack: 0, ...more },
  };
}

/** Enough for any turn that failed. */
const FAULTS = 100;

const RESET = "Done: a new conversation begins.";

const sent = [message(0), message(1), message(2, { kind: "reset", words: "" }), message(3)];

const replies = sent.map((message) => reply(message));

const APOLOGY = "Sorry, something went wrong and I could not answer that. Please try again.";

function reply({ messageId, kind, words }: SentMessage, text = kind === "reset" ? RESET : `You said: ${words}`) {
  return call(`reply-${messageId}`, { conversation: "d0", session: "s", inReplyTo: messageId, text });
}

function call(id: string, body: unknown): ReceivedCall {
  return { id, digest: JSON.stringify(body), told: true, body };
}

/** A delivered session with these of the conversation's messages, each answered. */
function session(name: string, ...indexes: readonly number[]): ReceivedCall {
  return told(name, indexes, ...indexes.flatMap((index) => [user(index), assistant(`You said: d0/${index} hello`)]));
}

const user = (index: number) => ({ role: "user", content: `d0/${index} hello` });

const assistant = (content: string) => ({ role: "assistant", content });

function told(name: string, indexes: readonly number[], ...messages: readonly object[]): ReceivedCall {
  const data = { session: name, reason: "idle", turns: indexes.length, messages };
  return call(`id-${name}`, { type: "session.ended", data });
}

const good = [session("a", 0, 1), session("b", 3)];

describe("check", () => {
  it("finds nothing where nothing is wrong, and counts repeated calls", () => {
    const verdict = check(sent, [...good, ...good], [...replies, ...replies.slice(0, 2)], FAULTS);
    expect(verdict).toMatchObject({
      lost: [],
      doubled: [],
      misplaced: [],
      unanswered: [],
      misanswered: [],
      failedTurns: 0,
    });
    expect(verdict).toMatchObject({ sessions: 2, reasons: { idle: 2 }, repliesDoubled: 2 });
    expect(verdict.attempts).toEqual({ provider: 4, replies: 6 });
  });

  it("finds a message that no session holds, unless it was never acknowledged", () => {
    expect(check(sent, good.slice(0, 1), replies, FAULTS).lost).toHaveLength(1);
    const unsent = [...sent.slice(0, 3), message(3, { acknowledged: false })];
    expect(check(unsent, good.slice(0, 1), replies, FAULTS).lost).toEqual([]);
  });

  it.each([
    ["a message twice in a session", [session("a", 0, 1, 1), session("b", 3)]],
    ["a message in two sessions", [...good, session("c", 3)]],
    ["a session under two ids", [...good, { ...session("b", 3), id: "other" }]],
    ["an id with two bodies", [...good, { ...session("b", 3), digest: "other" }]],
  ])("finds %s", (_, provider) => {
    expect(check(sent, provider, replies, FAULTS).doubled).not.toEqual([]);
  });

  it.each([
    ["a wrong order", [session("a", 1, 0), session("b", 3)]],
    ["a session that goes on after a reset", [session("a", 0, 1, 3)]],
    ["sessions across each other", [session("a", 0, 3), session("b", 1)]],
    ["words that nobody sent", [...good, session("c", 7)]],
  ])("finds %s", (_, provider) => {
    expect(check(sent, provider, replies, FAULTS).misplaced).not.toEqual([]);
  });

  it("does not count an order that our own clock gave when it was set back", () => {
    const untimed = [message(0, { timed: false }), message(1, { timed: false, stepsBack: 1 }), ...sent.slice(2)];
    const verdict = check(untimed, [session("a", 1, 0), session("b", 3)], replies, FAULTS);
    expect([verdict.misplaced, verdict.reordered]).toEqual([[], 1]);

    const notBetween = untimed.map((one) => ({ ...one, stepsBefore: 1, stepsBack: 1 }));
    expect(check(notBetween, [session("a", 1, 0), session("b", 3)], replies, FAULTS).misplaced).toHaveLength(1);
  });

  it("finds a message without a reply, even if there was a notice", () => {
    expect(check(sent, good, replies.slice(1), FAULTS).unanswered).toHaveLength(1);
    const notice = reply(message(0), "(A new conversation: the last one was reset.)");
    const verdict = check(sent, good, [{ ...notice, id: "notice" }, ...replies.slice(1)], FAULTS);
    expect([verdict.unanswered.length, verdict.misanswered]).toEqual([1, []]);
    expect(check(sent, good, [{ ...notice, id: "notice" }, ...replies], FAULTS).unanswered).toEqual([]);
  });

  const remembering = (of: string) =>
    `You said: d0/3 hello\n\nI remember:\n- Last talked on 2026-03-02: "${of}/0 hello"`;

  it("takes what is remembered of the same conversation as part of the answer", () => {
    const text = remembering("d0");
    const cleaned = "You said: d0/3 hello\n\nI remember:";
    const provider = [session("a", 0, 1), told("b", [3], user(3), assistant(cleaned))];
    expect(check(sent, provider, [...replies.slice(0, 3), reply(message(3), text)], FAULTS).misanswered).toEqual([]);
  });

  it("finds what the agent recited of its memories in a transcript, from which it must be gone", () => {
    const text = remembering("d0");
    const provider = [session("a", 0, 1), told("b", [3], user(3), assistant(text))];
    const { misanswered } = check(sent, provider, [...replies.slice(0, 3), reply(message(3), text)], FAULTS);
    expect(misanswered).toEqual([expect.stringContaining("has in its session")]);
  });

  it.each<[string, readonly ReceivedCall[], readonly ReceivedCall[]]>([
    ["a reply to other words", good, [...replies.slice(0, 3), reply(message(3), "You said: d0/1 hello")]],
    ["a reply that was cut", good, [...replies.slice(0, 3), reply(message(3), "You said: d0/3 hel")]],
    ["a reply with something behind it", good, [...replies.slice(0, 3), reply(message(3), "You said: d0/3 hello!")]],
    ["an apology for a turn that did not fail", good, [...replies.slice(0, 3), reply(message(3), APOLOGY)]],
    ["another reply beside the right one", good, [...replies, { ...reply(message(3), APOLOGY), id: "second" }]],
    ["an echo of a reset", good, [...replies.slice(0, 2), reply(message(2), "You said: /reset"), ...replies.slice(3)]],
    ["another's memory", good, [...replies.slice(0, 3), reply(message(3), remembering("d1"))]],
    ["a reply that nothing was sent for", good, [...replies, reply(message(9))]],
    [
      "a reply in another conversation",
      good,
      [...replies.slice(0, 3), call("other", { conversation: "d1", inReplyTo: "d0.3", text: "You said: d0/3 hello" })],
    ],
    ["another answer in a transcript", [session("a", 0, 1), told("b", [3], user(3), assistant("hello"))], replies],
    [
      "an answer to nothing",
      [
        session("a", 0, 1),
        told("b", [3], assistant("You said: d0/3 hello"), user(3), assistant("You said: d0/3 hello")),
      ],
      replies,
    ],
  ])("finds %s", (_, provider, given) => {
    expect(check(sent, provider, given, FAULTS).misanswered).toHaveLength(1);
  });

  it("takes as many failed turns as three faults each explain, four at a time, and no more", () => {
    const provider = [told("a", [0, 1], user(0), user(1)), told("b", [3], user(3))];
    const sorry = sent.map((one) => reply(one, APOLOGY));
    expect(check(sent, provider, sorry, 3)).toMatchObject({ failedTurns: 4, misanswered: [] });
    expect(check(sent, provider, sorry, 2).misanswered).toEqual(["4 turns failed; 2 faults explain 2 at the most"]);
    // A turn that failed has no echo.
    expect(check(sent, provider, replies, 3).misanswered).toHaveLength(3);
  });
});

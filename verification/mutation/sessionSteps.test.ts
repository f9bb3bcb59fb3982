import { DeleteCommand, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../../lib/domain/Conversation.ts";
import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import { withdrawSession } from "../../lib/message/takeTurn.ts";
import { endSession } from "../../lib/operator/endSession.ts";
import { expireConversation, writeConversation } from "../../lib/store/conversations.ts";
import { conversationItem, firstSeenItem, sessionItem, turnItem } from "../../lib/store/keys.ts";
import { markEndMissed, scheduleVisit } from "../../lib/store/sessions.ts";
import { messageTime } from "../../lib/store/turns.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

const LIVE = conversationItem("c");

const ROW = sessionItem("c", "S1");

const CONVERSATION: Conversation = {
  ...{ session: "S1", startedAt: NOW, startedBy: "TURN#1", lastActivityAt: NOW, origin: "chat" },
  lease: { id: "mine", turn: "TURN#1", until: NOW },
};

const SESSION = {
  ...{ session: "S1", conversation: "c", platform: "http", chat: { id: "7", type: "dm" }, startedAt: NOW },
  ...{ origin: "chat", status: "open" },
};

describe("a session's single steps", () => {
  let harness: StepHarness;
  beforeEach(() => {
    harness = createStepHarness(NOW, { retention: "30d" });
  });
  const table = () => harness.services.table;
  /** From now on such commands are answered by that error. */
  const fail = (kind: typeof UpdateCommand | typeof DeleteCommand) => {
    harness.instead = (command) => (command instanceof kind ? Promise.reject(new Error("down")) : undefined);
  };

  describe("ending one on an operator's word", () => {
    const end = (session = "S1") => endSession(harness.services, "c", session);

    it("ends a session whose lease is over at this very moment", async () => {
      harness.put({ ...LIVE, ...CONVERSATION });
      expect(await end()).toBe("ended");
      expect(harness.peek(LIVE)).toBeUndefined();
    });

    it("does not end a session that is not live", async () => {
      expect(await end()).toBe("not-live");
      harness.put({ ...LIVE, ...CONVERSATION });
      expect(await end("S2")).toBe("not-live");
      expect(harness.peek(LIVE)).toBeDefined();
    });

    it("does not end a session under a running turn, but one whose turn is stored", async () => {
      harness.put({ ...LIVE, ...CONVERSATION, lease: { ...CONVERSATION.lease, until: NOW + 1 } });
      expect(await end()).toBe("busy");
      harness.put({ ...turnItem("S1", "TURN#1"), kind: "turn" });
      expect(await end()).toBe("ended");
    });

    it("has the session's row looked at now, before all else, and leaves one alone that has been sealed meanwhile", async () => {
      const due = { ...ROW, ...SESSION, state: "DUE#1", at: NOW + DAY };
      for (const [status, at] of [
        ["open", NOW],
        ["ended", NOW + DAY],
      ]) {
        harness.put({ ...LIVE, ...CONVERSATION });
        harness.put({ ...due, status });
        harness.instead = (command) =>
          command instanceof UpdateCommand && command.input.Key?.sk === LIVE.sk
            ? Promise.reject(new Error("down"))
            : undefined;
        await expect(end()).rejects.toThrow("down");
        expect(harness.peek(ROW)).toMatchObject({ at });
        expect(harness.peek(LIVE)).not.toHaveProperty("expiresAt");
      }
    });

    it("says that the session expired now, by an operator, before it deletes the conversation", async () => {
      harness.put({ ...LIVE, ...CONVERSATION });
      fail(DeleteCommand);
      await expect(end()).rejects.toThrow("down");
      expect(harness.peek(LIVE)).toMatchObject({ expiresAt: NOW / 1000, expiresWhy: "api", lease: { id: "id 1" } });
    });

    it("gives way to a message that came in between", async () => {
      harness.put({ ...LIVE, ...CONVERSATION });
      harness.instead = (command) => {
        if (command instanceof UpdateCommand)
          harness.put({ ...LIVE, ...CONVERSATION, lease: { ...CONVERSATION.lease, id: "x" } });
        return undefined;
      };
      expect(await end()).toBe("busy");
      fail(UpdateCommand);
      await expect(end()).rejects.toThrow("down");
    });

    it.each([
      ["busy", { ...CONVERSATION, lease: { ...CONVERSATION.lease, id: "x" } }],
      ["ended", { ...CONVERSATION, session: "S2" }],
    ])("says %s when somebody else was faster", async (outcome, there) => {
      harness.put({ ...LIVE, ...CONVERSATION });
      harness.instead = (command) => {
        if (command instanceof DeleteCommand) harness.put({ ...LIVE, ...there });
        return undefined;
      };
      expect(await end()).toBe(outcome);
    });

    it("says ended when somebody else has ended the session", async () => {
      harness.put({ ...LIVE, ...CONVERSATION });
      let gone = false;
      harness.instead = (command) => {
        if (gone && command instanceof GetCommand) return {};
        if (command instanceof DeleteCommand) {
          gone = true;
          harness.put({ ...LIVE, ...CONVERSATION, session: "S2" });
        }
        return undefined;
      };
      expect(await end()).toBe("ended");
    });
  });

  it("deletes an expired conversation as it was read, and not otherwise", async () => {
    harness.put({ ...LIVE, ...CONVERSATION });
    expect(await expireConversation(table(), "c", { ...CONVERSATION, session: "S2" })).toBe(false);
    expect(await expireConversation(table(), "c", { ...CONVERSATION, lease: { ...CONVERSATION.lease, id: "x" } })).toBe(
      false,
    );
    expect(harness.peek(LIVE)).toBeDefined();
    expect(await expireConversation(table(), "c", CONVERSATION)).toBe(true);
    expect(harness.peek(LIVE)).toBeUndefined();
    fail(DeleteCommand);
    await expect(expireConversation(table(), "c", CONVERSATION)).rejects.toThrow("down");
  });

  it("takes back first the conversation of a session, then its row, and leaves one that is not its own", async () => {
    harness.put({ ...LIVE, ...CONVERSATION });
    harness.put({ ...ROW, ...SESSION });
    await withdrawSession(table(), "c", { ...CONVERSATION, session: "S2" });
    expect([harness.peek(LIVE), harness.peek(ROW)]).not.toContain(undefined);
    await withdrawSession(table(), "c", CONVERSATION);
    expect([harness.peek(LIVE), harness.peek(ROW)]).toEqual([undefined, undefined]);
  });

  it("looks at an open session when that is said, and leaves a sealed one alone", async () => {
    harness.put({ ...ROW, ...SESSION, at: 1 });
    await scheduleVisit(table(), ROW, 2);
    expect(harness.peek(ROW)).toMatchObject({ at: 2 });
    harness.put({ ...ROW, ...SESSION, status: "ended", at: 1 });
    await scheduleVisit(table(), ROW, 2);
    expect(harness.peek(ROW)).toMatchObject({ at: 1 });
    fail(UpdateCommand);
    await expect(scheduleVisit(table(), ROW, 2)).rejects.toThrow("down");
  });

  it("gives the stream five minutes to report an end that was missed", async () => {
    harness.put({ ...ROW, ...SESSION, at: 1 });
    expect(await markEndMissed(table(), ROW, NOW)).toBe(NOW + 5 * MINUTE);
    expect(harness.peek(ROW)).toMatchObject({ missedAt: NOW, at: NOW + 5 * MINUTE });
    expect(await markEndMissed(table(), ROW, NOW + 5 * MINUTE - 1)).toBeUndefined();
    expect(await markEndMissed(table(), ROW, NOW + 5 * MINUTE)).toBe("lost");
    harness.put({ ...ROW, ...SESSION, status: "ended", missedAt: NOW });
    expect(await markEndMissed(table(), ROW, NOW + 5 * MINUTE)).toBeUndefined();
    expect(await markEndMissed(table(), sessionItem("c", "gone"), NOW)).toBeUndefined();
    fail(UpdateCommand);
    await expect(markEndMissed(table(), ROW, NOW)).rejects.toThrow("down");
  });

  describe("writing a conversation", () => {
    const write = (read: Conversation | undefined, id = "next") =>
      writeConversation(table(), "c", read, { ...CONVERSATION, lease: { ...CONVERSATION.lease, id } });

    it("makes a conversation where there is none", async () => {
      expect(await write(undefined)).toBe(true);
      expect(harness.peek(LIVE)).toEqual({
        ...LIVE,
        v: 1,
        ...CONVERSATION,
        lease: { ...CONVERSATION.lease, id: "next" },
      });
      expect(await write(undefined, "other")).toBe(false);
      expect(harness.peek(LIVE)).toMatchObject({ lease: { id: "next" } });
    });

    it("changes the conversation that was read, and removes what it has no more", async () => {
      harness.put({ ...LIVE, ...CONVERSATION, expiresAt: 7, expiresWhy: "idle", ended: "S0", later: "kept" });
      expect(await write({ ...CONVERSATION, session: "S2" })).toBe(false);
      expect(await write({ ...CONVERSATION, lease: { ...CONVERSATION.lease, id: "x" } })).toBe(false);
      expect(await write(CONVERSATION)).toBe(true);
      const lease = { ...CONVERSATION.lease, id: "next" };
      expect(harness.peek(LIVE)).toEqual({ ...LIVE, v: 1, ...CONVERSATION, lease, later: "kept" });
    });

    it("knows its own write when the answer got lost and the SDK asked again", async () => {
      harness.loseAnswer = true;
      expect(await write(undefined)).toBe(true);
      harness.loseAnswer = true;
      expect(await write({ ...CONVERSATION, lease: { ...CONVERSATION.lease, id: "next" } }, "after")).toBe(true);
      fail(UpdateCommand);
      await expect(write(undefined)).rejects.toThrow("down");
    });
  });

  describe("a message's time", () => {
    const job = (receivedAt: number, sentAt?: number) =>
      ({ receivedAt, message: { messageId: "d", ...(sentAt === undefined ? {} : { sentAt }) } }) as InboundJob;

    it("is the platform's, of which nothing is kept", async () => {
      expect(await messageTime(table(), "c", job(NOW, NOW - 7))).toBe(NOW - 7);
      expect(harness.peek(firstSeenItem("c", "d"))).toBeUndefined();
    });

    it("is that of the first receive where the platform has none, kept for eight days", async () => {
      expect(await messageTime(table(), "c", job(NOW + 1))).toBe(NOW + 1);
      expect(harness.peek(firstSeenItem("c", "d"))).toMatchObject({
        ...{ at: NOW + 1, expiresAt: (NOW + 8 * DAY) / 1000 + 1 },
      });
      expect(await messageTime(table(), "c", job(NOW + MINUTE))).toBe(NOW + 1);
    });
  });
});

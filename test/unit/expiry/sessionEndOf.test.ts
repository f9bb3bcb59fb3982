import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Conversation } from "../../../lib/domain/Conversation.ts";
import { sessionEndOf } from "../../../lib/expiry/sealFromStream.ts";
import { conversationItem, hookItem, type ItemKey, sessionItem } from "../../../lib/store/keys.ts";
import { conversation, NOW } from "../message/conversations.ts";

const KEY = conversationItem("acme/telegram/7//");

const SECOND = 1_000;

const expiry = NOW + 3_600 * SECOND;

describe("sessionEndOf, of an item that was removed,", () => {
  it.each<["idle" | "daily" | "max-age" | "api"]>([["idle"], ["daily"], ["max-age"], ["api"]])(
    "L1 P14 says that the session ended at its expiry, by %s, when the sweep or TTL removed it then",
    (expiresWhy) => {
      const end = sessionEndOf(record(conversation({ expiresWhy }), undefined, expiry));
      expect(end).toEqual({
        ...{ conversation: "acme/telegram/7//", session: "OLD", turn: conversation().lease.turn },
        ...{ reason: expiresWhy, endedAt: expiry },
      });
    },
  );

  it("P14 says that the session ended at its expiry when TTL removed it days later", () => {
    const end = sessionEndOf(record(conversation(), undefined, expiry + 48 * 3_600 * SECOND));
    expect(end).toMatchObject({ reason: "idle", endedAt: expiry });
  });

  it("P6 takes a removal for the expiry's when the clock is a moment ahead of the table's, which counts whole seconds", () => {
    const end = sessionEndOf(record(conversation(), undefined, expiry - 2 * SECOND));
    expect(end).toMatchObject({ reason: "idle", endedAt: expiry });
  });

  it("says that an operator ended the session when it was removed long before its expiry", () => {
    const end = sessionEndOf(record(conversation(), undefined, NOW));
    expect(end).toMatchObject({ session: "OLD", reason: "api", endedAt: NOW });
  });

  it("says that an operator ended a session without an expiry", () => {
    const { expiresAt: _, expiresWhy: _why, ...old } = conversation();
    expect(sessionEndOf(record(old, undefined, NOW))).toMatchObject({ reason: "api", endedAt: NOW });
  });

  it("says that a session was idle when it has no reason to expire", () => {
    const { expiresWhy: _, ...old } = conversation();
    expect(sessionEndOf(record(old, undefined, expiry))).toMatchObject({ reason: "idle" });
  });
});

describe("sessionEndOf, of an item that names another session,", () => {
  const successor = (previous: Conversation["previous"], startedAt: number): Conversation =>
    conversation({ session: "NEW", startedAt, ...(previous ? { previous } : {}) });

  it("L3 ends the old session by a reset when the new one began", () => {
    const next = successor({ session: "OLD", reason: "reset" }, NOW + 5);
    expect(sessionEndOf(record(conversation(), next, NOW))).toEqual({
      conversation: "acme/telegram/7//",
      session: "OLD",
      turn: conversation().lease.turn,
      reason: "reset",
      endedAt: NOW + 5,
    });
  });

  it("ends it by a reset that came before the expiry and was worked after it", () => {
    const next = successor({ session: "OLD", reason: "reset" }, expiry + 5);
    expect(sessionEndOf(record(conversation(), next, NOW))).toMatchObject({ reason: "reset", endedAt: expiry + 5 });
  });

  it("P14 ends the old session at its expiry when a message came after that", () => {
    const next = successor({ session: "OLD", reason: "daily" }, expiry + 60 * SECOND);
    expect(sessionEndOf(record(conversation(), next, NOW))).toMatchObject({ reason: "daily", endedAt: expiry });
  });

  it("ends no session after its successor began", () => {
    const next = successor({ session: "OLD", reason: "idle" }, expiry - 5);
    expect(sessionEndOf(record(conversation(), next, NOW))).toMatchObject({ endedAt: expiry - 5 });
  });

  it("says recovered where nothing says why", () => {
    expect(sessionEndOf(record(conversation(), successor(undefined, NOW), NOW))).toMatchObject({ reason: "recovered" });
  });
});

describe("sessionEndOf, of everything else,", () => {
  it("D2 finds no end in a turn of the same session", () => {
    const next = conversation({ lastActivityAt: NOW + 5 });
    expect(sessionEndOf(record(conversation(), next, NOW))).toBeUndefined();
  });

  it("finds no end in a new conversation", () => {
    expect(sessionEndOf(record(undefined, conversation(), NOW))).toBeUndefined();
  });

  it.each([
    ["a session's row", sessionItem("acme/telegram/7//", "OLD")],
    ["a hook's row", hookItem("OLD", "builtin")],
  ])("finds no end in %s that was removed", (_, key) => {
    expect(sessionEndOf(record(conversation(), undefined, NOW, key))).toBeUndefined();
  });

  it("finds no end in a record without a body", () => {
    expect(sessionEndOf({})).toBeUndefined();
    expect(sessionEndOf({ dynamodb: {} })).toBeUndefined();
  });
});

it("throws at an image that is no conversation", () => {
  const broken = record(conversation(), undefined, NOW);
  expect(() => sessionEndOf({ dynamodb: { ...broken.dynamodb, OldImage: { session: { N: "1" } } } })).toThrow();
});

/** A stream record of a conversation item as it was and as it is; `at` in milliseconds, which a record has as whole seconds. */
function record(old: Conversation | undefined, next: Conversation | undefined, at: number, key: ItemKey = KEY) {
  const image = (item: Conversation) => marshall({ ...key, ...item }) as Image;
  return {
    dynamodb: {
      Keys: marshall(key) as Image,
      ApproximateCreationDateTime: Math.floor(at / SECOND),
      ...(old ? { OldImage: image(old) } : {}),
      ...(next ? { NewImage: image(next) } : {}),
    },
  };
}

type Image = NonNullable<NonNullable<DynamoDBRecord["dynamodb"]>["OldImage"]>;

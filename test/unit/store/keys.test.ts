import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { turnKey } from "../../../lib/domain/Turn.ts";
import { conversationItem, firstSeenItem, hookItem, keyTail, sessionItem, turnItem } from "../../../lib/store/keys.ts";

describe("the keys of the table", () => {
  it.each([
    ["makes the key of a conversation", conversationItem("acme/http/7//"), { pk: "CONV#acme/http/7//", sk: "LIVE" }],
    ["makes the key of a session", sessionItem("acme/http/7//", "S1"), { pk: "CONV#acme/http/7//", sk: "SESSION#S1" }],
    [
      "makes the key of a message's first receive",
      firstSeenItem("acme/http/7//", "msg_1"),
      { pk: "CONV#acme/http/7//", sk: "MESSAGE#msg_1" },
    ],
    [
      "makes the key of a turn",
      turnItem("S1", turnKey(0, "1")),
      { pk: "SESSION#S1", sk: "TURN#1970-01-01T00:00:00.000Z#1" },
    ],
    ["makes the key of a hook", hookItem("S1", "crm"), { pk: "SESSION#S1", sk: "HOOK#crm" }],
  ])("%s", (_, key, expected) => {
    expect(key).toEqual(expected);
  });

  it("reads back what stands behind a prefix, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(keyTail(conversationItem(text).pk)).toBe(text);
        expect(keyTail(sessionItem("c", text).sk)).toBe(text);
        expect(keyTail(hookItem("s", text).sk)).toBe(text);
      }),
    );
  });
});

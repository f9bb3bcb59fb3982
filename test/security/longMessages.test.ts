import { describe, expect, it } from "vitest";
import { WebhookError } from "../../lib/adapter/errors.ts";
import { scopeOf } from "../../lib/adapter/scopeOf.ts";
import type { InboundMessage } from "../../lib/domain/InboundMessage.ts";
import { turnItem } from "../../lib/store/keys.ts";
import { toCarried } from "../../lib/webhook/checkMessage.ts";
import { sizeOf } from "./sizeOf.ts";

const ITEM = 400 * 1024;

/** The longest reply and recalled memories that a turn is stored with: characters of three bytes. */
const REPLY = "猫".repeat(60_000);

const MEMORIES = [{ text: "猫".repeat(2_000) }];

describe("a message of a platform that lets everything through", () => {
  const message: InboundMessage = {
    messageId: "1",
    chat: { id: "c", type: "dm" },
    user: { id: "u" },
    role: "user",
    text: "hello",
    origin: "chat",
    replyTo: null,
  };
  const NOW = Date.parse("2026-03-02T10:00:00Z");

  it("is cut in all that stands beside its words, so that with them and the longest reply it fits an item", () => {
    const long = "猫".repeat(9_000);
    const one = { kind: "file", name: long, mime: long, handle: "x".repeat(256), size: 1, duration: 1 } as const;
    const carried = toCarried(
      {
        ...{ ...message, text: "猫".repeat(66_666), quoted: { text: long, author: long }, forwarded: { from: long } },
        ...{ attachments: Array.from({ length: 50 }, () => one), user: { id: "u".repeat(256), name: long } },
        ...{ ref: "r".repeat(256), album: "a".repeat(256) },
      },
      NOW,
    );
    expect(carried.attachments).toHaveLength(10);
    const turn = { ...turnItem("S", "t".repeat(300)), conversation: "c".repeat(1_000), ...carried };
    expect(sizeOf({ ...turn, reply: REPLY, memories: MEMORIES, enqueueId: "e".repeat(40) })).toBeLessThan(ITEM);
  });

  it.each<[string, Partial<InboundMessage>]>([
    ["messageId", { messageId: "" }],
    ["messageId", { messageId: "x".repeat(257) }],
    ["chat", { chat: { id: "", type: "dm" } }],
    ["thread", { chat: { id: "c", type: "thread", thread: "" } }],
    ["user", { user: { id: "" } }],
    ["text", { text: "猫".repeat(66_667) }],
  ])("is refused for its %s", (field, changes) => {
    const refuse = () => toCarried({ ...message, ...changes }, NOW);
    expect(refuse).toThrow(WebhookError);
    expect(refuse).toThrow(expect.objectContaining({ status: 400, field }));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5, NOW + 60_001, 8.64e15])(
    "is taken without its time when that is %d",
    (sentAt) => {
      expect(toCarried({ ...message, sentAt }, NOW).sentAt).toBeUndefined();
      expect(toCarried({ ...message, sentAt: NOW + 60_000 }, NOW).sentAt).toBe(NOW + 60_000);
    },
  );

  it("never shares a memory's scope with another user, however long their ids are", () => {
    const scope = (id: string) => scopeOf({ tenant: "t", platform: "p", chat: { id: "c", type: "dm" }, user: { id } });
    expect(scope("猫".repeat(256))).not.toBe(scope(`${"猫".repeat(255)}犬`));
    expect(scope("猫".repeat(256)).length).toBeLessThan(200);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conversationKey } from "../../../lib/config/conversationKey.ts";

const config = { tenant: "acme", groups: "per-member" } as const;

const dm = { chat: { id: "7", type: "dm" }, user: { id: "ann" } } as const;

const group = { chat: { id: "-100", type: "group" }, user: { id: "ann" } } as const;

const thread = { chat: { id: "-100", type: "thread", thread: "5" }, user: { id: "ann" } } as const;

describe("conversationKey", () => {
  it.each([
    ["makes a key of a direct message", config, dm, "acme/telegram/7//"],
    ["W4 makes a key of a member's lane in a group", config, group, "acme/telegram/-100//ann"],
    [
      "makes one key of a group that is shared",
      { ...config, groups: "shared" } as const,
      group,
      "acme/telegram/-100//",
    ],
    ["makes one key of a thread, which is shared", config, thread, "acme/telegram/-100/5/"],
    ["makes a key of a message without a user, in a group", config, { chat: group.chat }, "acme/telegram/-100//"],
    [
      "keeps ids that reach for other parts in their own part",
      config,
      { chat: { id: "a/b#c%", type: "dm" } } as const,
      "acme/telegram/a%2Fb%23c%25//",
    ],
    [
      "makes a key of ids in another script",
      config,
      { chat: { id: "ห้อง", type: "dm" } } as const,
      `acme/telegram/${encodeURIComponent("ห้อง")}//`,
    ],
  ])("%s", (_, of, message, key) => {
    expect(conversationKey(of, "telegram", message)).toBe(key);
  });

  it("W10 makes the tenant and the platform part of the key", () => {
    const keys = ["acme", "other"].flatMap((tenant) =>
      ["telegram", "http"].map((platform) => conversationKey({ ...config, tenant }, platform, dm)),
    );
    expect(new Set(keys).size).toBe(4);
  });

  const id = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    // Texts made to run into each other.
    fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom("/", "%", "2", "F", "#", "a", "=", "~") }),
    fc.string({ minLength: 1, maxLength: 256, unit: "grapheme" }),
    fc.string({ minLength: 250, maxLength: 256, unit: fc.constantFrom("猫", "🙂", "a") }),
  );
  const message = fc.record({
    tenant: fc.constantFrom("acme", "other"),
    platform: fc.constantFrom("telegram", "http"),
    chat: id,
    thread: fc.oneof(fc.constant(undefined), id),
    user: id,
  });
  const keyOf = ({ tenant, platform, chat, thread, user }: ReturnType<typeof partsOf>) =>
    conversationKey({ tenant, groups: "per-member" }, platform, {
      chat: { id: chat, type: "group", ...(thread === undefined ? {} : { thread }) },
      user: { id: user },
    });
  const partsOf = (parts: {
    tenant: string;
    platform: string;
    chat: string;
    thread: string | undefined;
    user: string;
  }) => parts;

  it("W10 makes another key whenever tenant, platform, chat, thread or member differ", () => {
    fc.assert(
      fc.property(message, message, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(keyOf(a) === keyOf(b)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it("makes another key when a separator moves from one part to the next", () => {
    fc.assert(
      fc.property(message, id, id, (base, left, right) => {
        const a = keyOf({ ...base, chat: `${left}/${right}`, thread: undefined });
        const b = keyOf({ ...base, chat: left, thread: right });
        expect(a).not.toBe(b);
      }),
    );
  });

  it("makes one path of five parts that a key of DynamoDB can hold", () => {
    fc.assert(
      fc.property(message, (parts) => {
        const key = keyOf(parts);
        expect(key.split("/")).toHaveLength(5);
        // A partition key may have 2,048 bytes; "CONV#" stands before it.
        expect(Buffer.byteLength(`CONV#${key}`)).toBeLessThanOrEqual(2_048);
        expect(key).not.toContain("#");
      }),
    );
  });

  it("never takes a long id, which is hashed, for another that looks like the hash", () => {
    const long = conversationKey(config, "http", { chat: { id: "x".repeat(600), type: "dm" } });
    const [, , part = ""] = long.split("/");
    expect(part).toMatch(/^=[0-9a-f]{64}$/);
    for (const id of [part, part.slice(1)]) {
      expect(conversationKey(config, "http", { chat: { id, type: "dm" } })).not.toBe(long);
    }
  });

  it("takes an id with half a surrogate pair in it", () => {
    expect(conversationKey(config, "http", { chat: { id: "a\ud83d", type: "dm" } })).toBe("acme/http/a%EF%BF%BD//");
  });
});

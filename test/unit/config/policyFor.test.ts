import { describe, expect, it } from "vitest";
import type { Config } from "../../../lib/config/Config.ts";
import { policyFor } from "../../../lib/config/policyFor.ts";
import type { ChatType } from "../../../lib/domain/InboundMessage.ts";

const sessions: Config["sessions"] = {
  policy: { idle: 1_000, maxAge: 9_000 },
  byPlatform: { slack: { idle: 2_000 }, shop: {} },
  byChatType: { thread: { idle: 3_000 }, group: {} },
};

describe("policyFor", () => {
  it.each<[string, string, ChatType, object]>([
    ["takes the default policy", "telegram", "dm", { idle: 1_000, maxAge: 9_000 }],
    ["replaces the default whole by a platform's policy", "slack", "dm", { idle: 2_000 }],
    ["prefers a chat type's policy to a platform's", "slack", "thread", { idle: 3_000 }],
    ["P6 takes the policy none for a platform", "shop", "dm", {}],
    ["P6 takes the policy none for a chat type", "slack", "group", {}],
    [
      "takes the default for a platform named like a built-in property",
      "constructor",
      "dm",
      { idle: 1_000, maxAge: 9_000 },
    ],
  ])("%s", (_, platform, chatType, policy) => {
    expect(policyFor(sessions, platform, chatType)).toEqual(policy);
  });
});

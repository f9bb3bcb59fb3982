import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, sessionRows, turnRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

describe("the session policy", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L6 P6 lets a session under policy none live for weeks, and a late /new delivers it", async () => {
    harness.deploy({ sessions: { default: "none" } });
    await harness.chat("remember me");
    for (let day = 0; day < 21; day++) {
      harness.advance("1d");
      await harness.sweep();
      await harness.ttl();
      await harness.settle();
    }
    expect(harness.delivered()).toEqual([]);
    expect(await harness.chat("still here?")).toEqual(["You said: still here?"]);

    harness.advance("1d");
    await harness.chat("/new");

    expect(harness.delivered()).toMatchObject([
      { reason: "reset", turns: 2, startedAt: "2026-03-02T10:00:00.000Z", endedAt: "2026-03-24T10:00:00.000Z" },
    ]);
  });

  it("P6 P7 ends each session at the time of its platform and chat type, and ending deletes nothing", async () => {
    harness.deploy({
      sessions: { default: { idle: "30m" }, byPlatform: { telegram: "none" }, byChatType: { group: { idle: "5m" } } },
    });
    await harness.chat("in private");
    await harness.chat("in a group", { conversation: "team", chatType: "group" });
    await harness.post("telegram", JSON.stringify(updateOf({ date: Date.now() / 1000 })), SECRET_HEADERS);
    await harness.settle();

    await sweepAt(harness, "2026-03-02T10:05:00Z");
    expect(harness.delivered()).toMatchObject([{ chat: { id: "team", type: "group" }, reason: "idle" }]);
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toMatchObject([{ chat: { type: "group" } }, { chat: { type: "dm" }, reason: "idle" }]);
    await sweepAt(harness, "2026-03-09T10:30:00Z");
    expect(harness.delivered()).toHaveLength(2);

    expect(await conversationRows(harness)).toHaveLength(1);
    for (const { session } of await sessionRows(harness)) expect(await turnRows(harness, session)).toHaveLength(1);
  });
});

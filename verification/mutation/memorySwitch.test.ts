import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../../lib/domain/Conversation.ts";
import { switchMemory } from "../../lib/message/switchMemory.ts";
import { readConversation } from "../../lib/store/conversations.ts";
import { conversationItem, memorySwitchItem } from "../../lib/store/keys.ts";
import { readMemoryOff } from "../../lib/store/memorySwitches.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const LIVE: Conversation = {
  ...{ session: "S1", startedAt: NOW, startedBy: "T1", lastActivityAt: NOW, origin: "chat" },
  lease: { id: "L1", turn: "T1", until: NOW + 60_000 },
};

describe("a memory switch", () => {
  let harness: StepHarness;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    harness.put({ ...conversationItem("c"), ...LIVE });
  });

  /** The holder of the lease, as the conversation is now, throws it. */
  async function throwIt(user: string, memory: "on" | "off"): Promise<void> {
    const claimed = (await readConversation(harness.services.table, "c")) ?? LIVE;
    await switchMemory(harness.services, "c", claimed, user, memory);
  }
  const off = async () => ({
    rows: await readMemoryOff(harness.services.table, "c"),
    live: harness.peek(conversationItem("c"))?.memoryOff,
  });

  it("is each user's own, in the row and in the live conversation, and throwing it again changes nothing", async () => {
    for (const user of ["ana", "ben", "ana"]) await throwIt(user, "off");
    expect(await off()).toEqual({ rows: ["ana", "ben"], live: ["ben", "ana"] });
    await throwIt("ben", "on");
    expect(await off()).toEqual({ rows: ["ana"], live: ["ana"] });
    await throwIt("ana", "on");
    expect(await off()).toEqual({ rows: [], live: undefined });
    expect(harness.peek(memorySwitchItem("c", "ana"))).not.toHaveProperty("expiresAt");
  });

  it("is thrown once, where the answer to a write was lost and the SDK repeats it", async () => {
    harness.loseAnswer = true;
    await throwIt("ana", "off");
    expect(await off()).toEqual({ rows: ["ana"], live: ["ana"] });
  });

  it.each([
    ["on", "off"],
    ["off", "on"],
  ] as const)("is not undone by an earlier write that comes late: %s", async (last, first) => {
    const written: object[] = [];
    harness.instead = (command) => {
      if (!(command instanceof UpdateCommand)) return undefined;
      written.push(command);
      return Promise.reject(new Error("killed, with the write on its way"));
    };
    await expect(throwIt("ana", first)).rejects.toThrow("killed");
    harness.instead = () => undefined;
    await throwIt("ana", first);
    await throwIt("ana", last);
    const before = await off();

    for (const late of written) {
      const arriving = Reflect.apply(harness.services.table.client.send, harness.services.table.client, [late]);
      await expect(arriving).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    }
    expect(await off()).toEqual(before);
  });

  it("is not thrown for a conversation that somebody else holds by now, and the message is tried again", async () => {
    harness.put({ ...conversationItem("c"), ...LIVE, lease: { ...LIVE.lease, id: "another's" } });
    await expect(switchMemory(harness.services, "c", LIVE, "ana", "off")).rejects.toMatchObject({
      name: "LeaseOver",
      retry: true,
    });
    expect(harness.peek(conversationItem("c"))).not.toHaveProperty("memoryOff");
  });

  it("is left to a newer version that wrote it", async () => {
    harness.put({ ...memorySwitchItem("c", "ana"), v: 2, memory: "sometimes" });
    await expect(throwIt("ana", "on")).rejects.toMatchObject({ name: "NewerVersion" });
    await expect(readMemoryOff(harness.services.table, "c")).rejects.toMatchObject({ name: "NewerVersion" });
  });
});

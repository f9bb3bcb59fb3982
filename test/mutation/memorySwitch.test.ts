import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { conversationItem, memorySwitchItem } from "../../lib/runtime/keys.ts";
import type { Conversation } from "../../lib/session/Conversation.ts";
import { readConversation } from "../../lib/session/readConversation.ts";
import { readMemoryOff } from "../../lib/session/readMemoryOff.ts";
import { switchMemory } from "../../lib/session/switchMemory.ts";
import { type Bench, createBench } from "./createBench.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");
const LIVE: Conversation = {
  ...{ session: "S1", startedAt: NOW, startedBy: "T1", lastActivityAt: NOW, origin: "chat" },
  lease: { id: "L1", turn: "T1", until: NOW + 60_000 },
};

describe("a memory switch", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench(NOW);
    bench.put({ ...conversationItem("c"), ...LIVE });
  });

  /** The holder of the lease, as the conversation is now, throws it. */
  async function throwIt(user: string, memory: "on" | "off"): Promise<void> {
    const claimed = (await readConversation(bench.services.table, "c")) ?? LIVE;
    await switchMemory(bench.services, "c", claimed, user, memory);
  }
  const off = async () => ({
    rows: await readMemoryOff(bench.services.table, "c"),
    live: bench.peek(conversationItem("c"))?.memoryOff,
  });

  it("is each user's own, in the row and in the live conversation, and throwing it again changes nothing", async () => {
    for (const user of ["ana", "ben", "ana"]) await throwIt(user, "off");
    expect(await off()).toEqual({ rows: ["ana", "ben"], live: ["ben", "ana"] });
    await throwIt("ben", "on");
    expect(await off()).toEqual({ rows: ["ana"], live: ["ana"] });
    await throwIt("ana", "on");
    expect(await off()).toEqual({ rows: [], live: undefined });
    expect(bench.peek(memorySwitchItem("c", "ana"))).not.toHaveProperty("expiresAt");
  });

  it("is thrown once, where the answer to a write was lost and the SDK repeats it", async () => {
    bench.loseAnswer = true;
    await throwIt("ana", "off");
    expect(await off()).toEqual({ rows: ["ana"], live: ["ana"] });
  });

  it.each([
    ["on", "off"],
    ["off", "on"],
  ] as const)("%s is not undone by an earlier write that comes late", async (last, first) => {
    const written: object[] = [];
    bench.instead = (command) => {
      if (!(command instanceof UpdateCommand)) return undefined;
      written.push(command);
      return Promise.reject(new Error("killed, with the write on its way"));
    };
    await expect(throwIt("ana", first)).rejects.toThrow("killed");
    bench.instead = () => undefined;
    await throwIt("ana", first);
    await throwIt("ana", last);
    const before = await off();

    for (const late of written) {
      const arriving = Reflect.apply(bench.services.table.client.send, bench.services.table.client, [late]);
      await expect(arriving).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    }
    expect(await off()).toEqual(before);
  });

  it("is not thrown for a conversation that somebody else holds by now: the message is tried again", async () => {
    bench.put({ ...conversationItem("c"), ...LIVE, lease: { ...LIVE.lease, id: "another's" } });
    await expect(switchMemory(bench.services, "c", LIVE, "ana", "off")).rejects.toMatchObject({
      name: "LeaseOver",
      retry: true,
    });
    expect(bench.peek(conversationItem("c"))).not.toHaveProperty("memoryOff");
  });

  it("that a newer version wrote is left to that version", async () => {
    bench.put({ ...memorySwitchItem("c", "ana"), v: 2, memory: "sometimes" });
    await expect(throwIt("ana", "on")).rejects.toMatchObject({ name: "NewerVersion" });
    await expect(readMemoryOff(bench.services.table, "c")).rejects.toMatchObject({ name: "NewerVersion" });
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { OutboundChunk, Platform } from "../../lib/adapter/Platform.ts";
import { chatOf } from "../../lib/config/conversationKey.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { sendReply } from "../../lib/message/sendReply.ts";
import type { Services } from "../../lib/services/Services.ts";
import { chatItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";
import { JOB, NOW, TURN } from "./storedReply.ts";

const CHAT = chatItem(chatOf("default/http/7//"));

describe("the pieces of a reply", () => {
  let harness: StepHarness;
  let services: Services;
  let sent: OutboundChunk[];
  let send: () => string | undefined;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [sent, send] = [[], () => undefined];
    const platform: Platform = {
      receive: () => Promise.reject(new Error("not here")),
      render: (text) => text.split(" "),
      send: async (chunk) => {
        sent.push(chunk);
        return send();
      },
    };
    services = { ...harness.services, platform: () => platform };
  });

  const run = (turn: Partial<Turn> = {}) => {
    const read = { ...TURN, ...turn };
    harness.put({ ...turnItem("S1", TURN.sk), ...read });
    const attempt = { deadline: NOW + 60_000, number: 1, extend: async () => {} };
    return sendReply(services, JOB, attempt, "S1", read, []);
  };
  const row = () => harness.peek(turnItem("S1", TURN.sk));

  it("say which of them is the last", async () => {
    await run();
    expect(sent.map(({ text, isLast }) => [text, isLast])).toEqual([
      ["one", false],
      ["two", true],
    ]);
  });

  it("are noted with the platform's ids, and without any where it names none", async () => {
    await run();
    expect(row()).not.toHaveProperty("sentIds");
    send = () => "m1";
    await run();
    expect(row()).toMatchObject({ sent: 1, sentIds: { 0: "m1" } });
  });

  it("are left to another attempt that is further by now", async () => {
    send = () => {
      harness.put({ ...turnItem("S1", TURN.sk), ...TURN, sent: 2 });
      return undefined;
    };
    expect(await run()).toEqual({ outcome: "later", at: NOW });
    expect(sent).toHaveLength(1);
  });

  it("are begun as long as there are twelve seconds to note them, to the millisecond", async () => {
    send = () => {
      harness.now = NOW + 48_000;
      return undefined;
    };
    expect(await run()).toEqual({ outcome: "done" });
    expect(sent).toHaveLength(2);
  });

  it("wait for nothing once all of them are out", async () => {
    expect(await run({ sent: 2, waitUntil: NOW + 1 })).toEqual({ outcome: "done" });
    expect(sent).toEqual([]);
  });

  it("use up a try where the platform asks for no longer wait than there is anyway", async () => {
    send = () => {
      throw new DeliveryError("throttled", "busy", { retryAfter: 2_000 });
    };
    expect(await run()).toEqual({ outcome: "later", at: NOW + 2_000 });
    expect(row()).toMatchObject({ tries: 1, waits: 0 });
  });

  it.each([
    [true, NOW],
    [false, undefined],
  ])("tell of their chat that it is gone where the platform says so of the chat: %s", async (chatIsGone, goneAt) => {
    send = () => {
      throw new DeliveryError("gone", "nobody is there", { chatIsGone });
    };
    expect(await run()).toEqual({ outcome: "done" });
    expect(harness.peek(CHAT)?.goneAt).toBe(goneAt);
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { OutboundChunk, Platform } from "../../lib/platforms/Platform.ts";
import { UnknownPlatform } from "../../lib/platforms/UnknownPlatform.ts";
import { DeliveryError } from "../../lib/runtime/DeliveryError.ts";
import { turnItem } from "../../lib/runtime/keys.ts";
import type { Services } from "../../lib/runtime/Services.ts";
import type { InboundJob } from "../../lib/session/InboundJob.ts";
import { sendReply } from "../../lib/session/sendReply.ts";
import type { Turn } from "../../lib/transcript/Turn.ts";
import { type Bench, createBench } from "./createBench.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");
const JOB: InboundJob = {
  ...{ v: 1, platform: "http", carrier: "c1", receivedAt: NOW },
  message: {
    ...{ delivery: "d1", chat: { id: "7", type: "dm" }, role: "user", text: "hello", origin: "chat", replyTo: "to" },
  },
};
const TURN: Turn = {
  ...{ sk: "TURN#1", kind: "turn", delivery: "d1", at: NOW, origin: "chat", text: "hello", reply: "one two" },
  ...{ status: "done", carrier: "c1", sent: 0 },
};

describe("sending a stored reply", () => {
  let bench: Bench;
  let services: Services;
  let measured: unknown[];
  let sent: OutboundChunk[];
  let send: () => void;
  beforeEach(() => {
    bench = createBench(NOW);
    bench.put({ ...turnItem("S1", TURN.sk), ...TURN });
    [measured, sent, send] = [[], [], () => {}];
    const platform: Platform = {
      receive: () => Promise.reject(new Error("not here")),
      render: (text) => text.split(" "),
      send: async (chunk) => {
        send();
        sent.push(chunk);
      },
    };
    services = {
      ...bench.services,
      metrics: { put: (...metric) => void measured.push(metric) },
      platform: (name) => (name === "http" ? platform : undefined),
    };
  });
  const run = (turn: Partial<Turn> = {}, job: InboundJob = JOB, number = 1) =>
    sendReply(services, job, { deadline: NOW + 60_000, number, extend: async () => {} }, "S1", { ...TURN, ...turn });
  const row = () => bench.peek(turnItem("S1", TURN.sk));
  const fail = (error: Error) => {
    send = () => {
      throw error;
    };
  };

  it("is done when all of it is out; all but the last chunk are noted", async () => {
    expect(await run()).toEqual({ outcome: "done" });
    expect(sent.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(row()).toMatchObject({ sent: 1 });
    expect(measured).toEqual([["ReplySent", 1, "Count", { Platform: "http" }]]);
  });

  it("is done at once for the agent's own message, and for a reply that can't be delivered", async () => {
    expect(await run({}, { ...JOB, message: { ...JOB.message, role: "assistant" } })).toEqual({ outcome: "done" });
    expect(await run({ undeliverable: "gone" })).toEqual({ outcome: "done" });
    expect([sent, measured]).toEqual([[], []]);
  });

  it("is done, and no reply was sent, where there is none", async () => {
    const { reply: _, ...silent } = TURN;
    bench.put({ ...turnItem("S1", TURN.sk), ...silent });
    expect(await sendReply(services, JOB, { deadline: NOW, number: 1, extend: async () => {} }, "S1", silent)).toEqual({
      outcome: "done",
    });
    expect([sent, measured]).toEqual([[], []]);
  });

  it("of a platform that is not there any more says which there are", async () => {
    await expect(run({}, { ...JOB, platform: "gone" })).rejects.toThrow(new UnknownPlatform("gone", ["http"]).message);
  });

  it("goes on with another error of the adapter", async () => {
    fail(new TypeError("a bug"));
    await expect(run()).rejects.toThrow(new TypeError("a bug"));
    expect(measured).toEqual([]);
  });

  it.each([
    [1, 2_000],
    [3, 8_000],
    [7, 120_000],
    [50, 120_000],
  ])("is later after failure number %i, by %i ms", async (number, wait) => {
    fail(new DeliveryError("transient", "busy"));
    expect(await run({}, JOB, number)).toEqual({ outcome: "later", at: NOW + wait });
    expect(measured).toEqual([["ReplyFailed", 1, "Count", { Platform: "http" }]]);
    expect(row()?.undeliverable).toBeUndefined();
  });

  it("is later by what the platform asks for, if that is longer", async () => {
    fail(new DeliveryError("throttled", "busy", { retryAfter: 3_000 }));
    expect(await run()).toEqual({ outcome: "later", at: NOW + 3_000 });
    fail(new DeliveryError("auth", "who are you", { retryAfter: 1 }));
    expect(await run()).toEqual({ outcome: "later", at: NOW + 2_000 });
  });

  it("is done when it is refused for good, which is noted", async () => {
    fail(new DeliveryError("gone", "no such chat"));
    expect(await run()).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ undeliverable: "gone" });
  });
});

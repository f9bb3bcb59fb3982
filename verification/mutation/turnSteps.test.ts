import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import type { Conversation } from "../../lib/domain/Conversation.ts";
import { type Turn, turnKey } from "../../lib/domain/Turn.ts";
import { LeaseOver } from "../../lib/message/errors.ts";
import { makeTurn } from "../../lib/message/makeTurn.ts";
import { takeTurn } from "../../lib/message/takeTurn.ts";
import { endSession } from "../../lib/operator/endSession.ts";
import type { Services } from "../../lib/services/Services.ts";
import { noteAttempt, readAttempts } from "../../lib/store/attempts.ts";
import { attemptsItem, conversationItem, sessionItem, turnItem } from "../../lib/store/keys.ts";
import { messageTime, putTurn } from "../../lib/store/turns.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";
import { ANN, jobOf, type Message, NOW, past } from "./turnsAndJobs.ts";

const CLAIMED: Conversation = {
  ...{ session: "S1", startedAt: NOW, startedBy: "TURN#9", lastActivityAt: NOW, origin: "chat" },
  lease: { id: "mine", turn: "TURN#9", until: NOW + 62_000 },
};

const ATTEMPT = { deadline: NOW + 60_000, number: 1, extend: async () => {} };

describe("a turn's single steps", () => {
  let harness: StepHarness;
  let services: Services;
  let asked: AgentInput[];
  let recalled: number;
  let reply: string | undefined;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [asked, recalled, reply] = [[], 0, "hi"];
    const known: MemoryProvider = {
      capabilities: { idempotency: "none" },
      onSessionEnd: async () => ({}),
      recall: async () => {
        recalled++;
        return [{ text: "likes tea" }];
      },
    };
    services = {
      ...harness.services,
      config: { ...harness.services.config, memory: { known: { kind: "known", create: () => known } as never } },
      provider: () => known,
      agent: () => ({
        reply: async (input) => {
          asked.push(input);
          return reply;
        },
      }),
    };
  });
  const make = async (
    message: Partial<Message> = {},
    history: readonly Turn[] = [],
    claimed: Partial<Conversation> = {},
  ): Promise<Turn> => {
    const made = await makeTurn(services, {
      ...{ conversation: "c", job: jobOf(message), turn: "TURN#9", until: NOW + 62_000, at: NOW, history },
      ...{ claimed: { ...CLAIMED, ...claimed }, attempt: ATTEMPT, attempts: undefined },
    });
    if ("begun" in made) throw new Error("no turn");
    return made;
  };
  const memories = () => asked.map((input) => input.memories.map(({ text }) => text));

  it("tell why the session before ended, and recovered where that is not known yet", async () => {
    await make({}, [], { previous: { session: "S0" } });
    await make({}, [], { previous: { session: "S0", reason: "idle" } });
    await make({}, [past({})], { previous: { session: "S0", reason: "idle" } });
    expect(asked.map(({ previous }) => previous)).toEqual([
      { session: "S0", reason: "recovered" },
      { session: "S0", reason: "idle" },
      undefined,
    ]);
  });

  it("send a notice with a reply to a person only", async () => {
    const previous = { session: "S0", reason: "idle" } as const;
    const notice = expect.stringContaining("A new conversation");
    expect(await make({}, [], { previous })).toMatchObject({ notice });
    expect(await make({}, [past({ text: undefined as never })], { previous })).toMatchObject({ notice });
    expect(await make({}, [past({ origin: "scheduled" })], { previous })).toMatchObject({ notice });
    expect((await make({}, [past({})], { previous })).notice).toBeUndefined();
    expect((await make({ role: "assistant" }, [], { previous })).notice).toBeUndefined();
    expect((await make({ origin: "scheduled" }, [], { previous })).notice).toBeUndefined();
    reply = undefined;
    expect((await make({}, [], { previous })).notice).toBeUndefined();
  });

  it("cut no reply of the largest size", async () => {
    reply = "x".repeat(60_000);
    expect(await make()).toMatchObject({ reply });
    expect(harness.logged).toEqual([]);
    reply += "x";
    expect((await make()).reply).toHaveLength(60_000);
    expect(harness.logged).toEqual([{ event: "reply.clipped", session: "S1", characters: 60_001 }]);
  });

  it("take an empty reply for none", async () => {
    reply = "";
    expect(await make()).not.toHaveProperty("reply");
    expect(harness.peek(turnItem("S1", "TURN#9"))).not.toHaveProperty("reply");
  });

  it("take /new followed by nothing but blanks for a command", async () => {
    expect(await make({ command: "new", text: "  " })).toMatchObject({ kind: "command", command: "new" });
    expect(await make({ command: "new", text: "topic" })).toMatchObject({ kind: "turn" });
  });

  describe("memories", () => {
    const first = past({ memories: [{ text: "likes tea" }] });

    it("are those of the person's first answered turn, whatever was posted or failed before", async () => {
      await make({}, [first]);
      await make({}, [past({ text: undefined as never, user: undefined as never })]);
      await make({}, [past({ status: "failed" })]);
      await make({}, [past({ origin: "scheduled" })]);
      await make({}, [past({ kind: "command", command: "memory" })]);
      await make({ user: { id: "bob" } }, [first]);
      expect(recalled).toBe(5);
      expect(memories()).toEqual(Array.from({ length: 6 }, () => ["likes tea"]));
    });

    it("are none for one whose memory is off, whose turn is marked, and another's switch is not theirs", async () => {
      const off = { memoryOff: ["somebody", ANN.id] };
      expect(await make({}, [first], off)).toMatchObject({ kind: "turn", memoryOff: true });
      expect(await make({}, [], off)).toMatchObject({ memoryOff: true });
      expect([memories(), recalled]).toEqual([[[], []], 0]);
      expect(await make({}, [first], { memoryOff: ["somebody"] })).not.toHaveProperty("memoryOff");
      expect(await make({ command: "memory", text: "" }, [], off)).not.toHaveProperty("memoryOff");
      expect(await make({ role: "assistant", user: undefined as never }, [], off)).not.toHaveProperty("memoryOff");
      expect(memories().at(-1)).toEqual(["likes tea"]);
    });

    it("are switched by no command whose author the platform does not name, which says so", async () => {
      const { reply } = await make({ command: "memory", text: "off", user: undefined as never });
      expect(reply).toContain("does not say who you are");
    });
  });

  it("make no turn that was kept out of its session", async () => {
    harness.put({ ...turnItem("S1", "TURN#9"), kind: "tombstone" });
    await expect(make()).rejects.toThrow(LeaseOver);
    harness.put({ ...turnItem("S1", "TURN#9"), ...past({ sk: "TURN#9" }) });
    expect(await make()).toMatchObject({ reply: "hi" });
  });

  it("say by their version whether their words are packed, which older code can't read", async () => {
    await make();
    expect(harness.peek(turnItem("S1", "TURN#9"))).toMatchObject({ v: 1, text: "hello", reply: "hi" });
    const other = past({ sk: "TURN#8", text: "a long story ".repeat(200) });
    expect(await putTurn(services.table, "c", "S1", other)).toBe(true);
    expect(harness.peek(turnItem("S1", "TURN#8"))).toMatchObject({ v: 2, text: expect.any(Uint8Array), reply: "yes" });
  });

  it("throw an error of the table that refuses nothing", async () => {
    harness.instead = (command) => (command instanceof PutCommand ? Promise.reject(new Error("down")) : undefined);
    await expect(make()).rejects.toThrow("down");
    await expect(messageTime(services.table, "c", jobOf({ sentAt: undefined as never }))).rejects.toThrow("down");
  });

  it("give a message back to the queue whose conversation changes again and again", async () => {
    harness.put({ ...sessionItem("c", "S1"), status: "open" });
    harness.put({ ...conversationItem("default/http/7//"), ...CLAIMED, lease: { ...CLAIMED.lease, until: 0 } });
    let claims = 0;
    harness.instead = (command) => {
      if (!(command instanceof UpdateCommand) || command.input.Key?.sk !== "LIVE") return undefined;
      claims++;
      return Promise.reject(new ConditionalCheckFailedException({ message: "no", $metadata: {} }));
    };
    expect(await takeTurn(services, jobOf(), ATTEMPT)).toEqual({ outcome: "later", at: NOW });
    expect(claims).toBe(5);
  });

  it("let a message wait for the turn that is being made", async () => {
    harness.put({ ...conversationItem("default/http/7//"), ...CLAIMED });
    expect(await takeTurn(services, jobOf(), ATTEMPT)).toEqual({ outcome: "later", at: NOW + 62_000 });
  });

  describe("an attempt before the first noted one", () => {
    const late = { ...ATTEMPT, number: 2 };
    const row = {
      ...{ session: "S1", conversation: "default/http/7//", platform: "http", chat: { id: "7", type: "dm" } },
      ...{ origin: "chat", memory: "on", startedAt: NOW },
    };
    const attempts = () => harness.peek(attemptsItem("default/http/7//", turnKey(NOW, "d9")));
    beforeEach(() => {
      services = { ...services, agent: () => ({ reply: () => Promise.reject(new DeliveryError("transient", "no")) }) };
    });

    it("is not known where it left nothing behind", async () => {
      await takeTurn(services, jobOf(), late);
      expect(attempts()).toMatchObject({ begun: 1, failed: 1 });
    });

    it("is known where it left its lease", async () => {
      harness.put({ ...sessionItem("default/http/7//", "S1"), ...row, status: "open" });
      const lease = { id: "old", turn: turnKey(NOW, "d9"), until: NOW };
      harness.put({ ...conversationItem("default/http/7//"), ...CLAIMED, lease });
      await takeTurn(services, jobOf(), late);
      expect(attempts()).toMatchObject({ begun: 2, failed: 1 });
    });

    it("is known where its session was sealed and keeps its turn out", async () => {
      const ended = {
        status: "ended",
        endedAt: NOW,
        reason: "idle",
        turns: 0,
      };
      harness.put({ ...sessionItem("default/http/7//", "S1"), ...row, ...ended });
      harness.put({ ...turnItem("S1", turnKey(NOW, "d9")), kind: "tombstone" });
      await takeTurn(services, jobOf(), late);
      expect(attempts()).toMatchObject({ begun: 2, failed: 1 });
    });

    it("changes nothing any more when its note comes late", async () => {
      const noted = { begun: 3, failed: 1, firstAt: NOW, session: "S1" };
      await noteAttempt(services.table, "c", "TURN#9", noted, NOW);
      await noteAttempt(services.table, "c", "TURN#9", { ...noted, begun: 2, failed: 2 }, NOW);
      await noteAttempt(services.table, "c", "TURN#9", { ...noted, nextAt: NOW }, NOW);
      expect(harness.peek(attemptsItem("c", "TURN#9"))).toMatchObject(noted);
      expect(harness.peek(attemptsItem("c", "TURN#9"))).not.toHaveProperty("nextAt");
      await noteAttempt(services.table, "c", "TURN#9", { ...noted, failed: 2, nextAt: NOW }, NOW);
      expect(await readAttempts(services.table, "c", "TURN#9")).toEqual({ ...noted, failed: 2, nextAt: NOW });
    });
  });

  it("take an operator's wish for too late where another session has begun", async () => {
    harness.put({ ...conversationItem("c"), ...CLAIMED, lease: { ...CLAIMED.lease, until: NOW } });
    harness.instead = (command) => {
      if (command instanceof UpdateCommand) harness.put({ ...conversationItem("c"), ...CLAIMED, session: "S2" });
      return undefined;
    };
    expect(await endSession(services, "c", "S1")).toBe("busy");
  });
});

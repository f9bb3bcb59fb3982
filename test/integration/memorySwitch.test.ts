import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { showSession } from "../../lib/operator/findSession.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import type { Said } from "../harness/createSay.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { SECRET_HEADERS, updateOf } from "../harness/telegram.ts";

describe("memory", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("P13 L22 is off after /memory off: no provider gets the user's words of the session, and the ledger says why", async () => {
    await harness.chat("I like tea");
    expect(await harness.chat("/memory off")).toEqual([
      "Memory is off for you in this chat: nothing is remembered that you have written since this conversation began " +
        "or write from now on, until you say /memory on.",
    ]);
    await harness.chat("I like jazz");
    await harness.chat("/reset");

    expect(harness.provider.requests).toEqual([]);
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
    expect(await memories()).toEqual([]);
  });

  it("P13 stays off beyond the session, whatever ends that, until the user says /memory on", async () => {
    await harness.chat("/memory off");
    await harness.chat("I like tea");
    await harness.chat("/reset");
    await harness.chat("I like jazz");
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    harness.goTo("2026-05-02T10:00:00Z");
    await harness.retention();
    expect(await sessionRows(harness)).toEqual([]);
    await harness.chat("I like opera");
    expect(harness.provider.requests).toEqual([]);

    expect(await harness.chat("/memory on")).toEqual([
      "Memory is on for you in this chat: what you write is remembered when a conversation ends, until you say " +
        "/memory off. What you wrote while it was off is not.",
    ]);
    harness.advance("1m");
    await harness.chat("I like chess");
    await harness.chat("/reset");
    harness.advance("1m");
    await harness.chat("I like go");
    await harness.chat("/reset");

    expect(told()).toEqual([
      ["ann: I like chess", "You said: I like chess"],
      ["ann: I like go", expect.stringContaining("You said: I like go")],
    ]);
  });

  it("P13 leaves out what was said while it was off, and tells again what was said before once it is on", async () => {
    for (const text of ["I like tea", "/memory off", "I like jazz", "/memory on", "I like chess", "/reset"]) {
      await harness.chat(text);
      harness.advance("1s");
    }
    expect(told()).toEqual([
      ["ann: I like tea", "You said: I like tea", "ann: I like chess", "You said: I like chess"],
    ]);
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
    expect(await sessionRows(harness)).toMatchObject([{ turns: 3 }, {}]);
  });

  it("is told by /memory alone, for whom it stands how, which changes nothing", async () => {
    const asked = (now: string) =>
      `Memory is ${now} for you in this chat. Say /memory on or /memory off to change it; it holds until you do.`;
    expect(await harness.chat("/memory")).toEqual([asked("on")]);
    await harness.chat("/memory off");
    await harness.chat("/reset");
    expect(await harness.chat("/memory maybe")).toEqual([asked("off")]);
  });

  it("P13 is off, too, when the end is found by the sweep alone", async () => {
    await harness.chat("/memory off");
    await harness.chat("I like tea");
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:37:00Z");

    expect(await sessionRows(harness)).toMatchObject([{ reason: "recovered" }]);
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
    expect(harness.provider.requests).toEqual([]);
  });

  it("P13 recites nothing any more once it is off, in later sessions, too", async () => {
    await harness.chat("My name is Ann");
    await harness.chat("/reset");
    expect((await harness.chat("hello")).join()).toContain("Name: Ann");

    await harness.chat("/memory off");
    expect(await harness.chat("hello?")).toEqual(["You said: hello?"]);
    await harness.chat("/reset");
    expect((await harness.chat("hello!")).join()).not.toContain("Name: Ann");
  });

  describe("in a chat that several share,", () => {
    const room: Said = { conversation: "room", chatType: "thread" };
    const ana = { ...room, user: { id: "ana", name: "Ana" } };
    const ben = { ...room, user: { id: "ben", name: "Ben" } };
    const chat = async (text: string, said: Said) => {
      await harness.chat(text, said);
      harness.advance("1s");
    };

    it("P13 is each one's own: words, replies and names of one who has it off reach nobody", async () => {
      await chat("I work at Acme", ana);
      await chat("/memory off", ana);
      await chat("I hate it", ana);
      await chat("/memory on", ben);
      await chat("I like tea", ben);
      await chat("/reset", ben);
      await chat("I hate it still", ana);
      await chat("I like jazz", ben);
      await chat("/reset", ben);

      expect(told()).toEqual([
        ["ben: I like tea", "You said: I like tea"],
        ["ben: I like jazz", expect.stringContaining("You said: I like jazz")],
      ]);
      expect(harness.delivered().map(({ users }) => users)).toEqual(Array(2).fill([{ id: "ben", name: "Ben" }]));
      expect(JSON.stringify(await memories())).not.toMatch(/Acme|hate|ana/);
      const shown = sessionDetails((await showSession(harness.services, harness.delivered()[0].session)) ?? fail());
      expect(shown.transcript.map(({ remembered }) => remembered)).toEqual([false, false, false, false, true]);
    });

    it("P13 keeps the agent's own posts, but not what it is recorded to have answered to one who has memory off", async () => {
      const agent: Said = { ...room, role: "assistant" };
      await chat("/memory off", ana);
      await chat("Good morning all", { ...agent, origin: "scheduled" });
      await chat("I hate it", ana);
      await chat("So you hate it, Ana", agent);
      await chat("Lunch is at one", { ...agent, origin: "scheduled" });
      await chat("I like tea", ben);
      await chat("Tea is good", agent);
      await chat("/reset", ben);

      expect(told()).toEqual([
        ["Good morning all", "Lunch is at one", "ben: I like tea", "You said: I like tea", "Tea is good"],
      ]);
    });

    it("P13 skips a session of whose people all have it off, posts of the agent's own and all", async () => {
      await chat("/memory off", ana);
      await chat("Good morning", { ...room, role: "assistant", origin: "scheduled" });
      await chat("I hate it", ana);
      await chat("/reset", ben);

      expect(harness.provider.requests).toEqual([]);
      expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
    });

    it("P13 [21] delivers by Ben's /memory on nothing of what Ana said after her /memory off, on Telegram", async () => {
      const from = (id: number, first_name: string) => ({ id, is_bot: false, first_name });
      const topic = { chat: { id: -100500, title: "Team", type: "supergroup", is_forum: true }, message_thread_id: 17 };
      const said: readonly [object, string][] = [
        [from(4711, "Ana"), "/memory off"],
        [from(4711, "Ana"), "I work at Acme and I hate it"],
        [from(4712, "Ben"), "/memory on"],
        [from(4712, "Ben"), "/reset"],
      ];
      harness.deploy({ inGroups: { answer: "always" } });
      for (const [index, [user, text]] of said.entries()) {
        const date = Math.floor(Date.now() / 1000);
        const update = updateOf({ ...topic, is_topic_message: true, from: user, date, text }, 70_028 + index);
        await harness.post("telegram", JSON.stringify(update), SECRET_HEADERS);
        await harness.settle();
        harness.advance("10s");
      }
      expect(harness.provider.requests).toEqual([]);
      expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "memory-off" }));
      expect(await memories()).toEqual([]);
    });
  });

  it("W11 skips a session of scheduled messages alone, with that reason", async () => {
    await harness.chat("Write the digest", { origin: "scheduled" });
    await harness.chat("Good morning!", { origin: "scheduled", role: "assistant" });
    await sweepAt(harness, "2026-03-02T10:30:00Z");

    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "skipped", skipped: "scheduled" }));
    expect(harness.provider.requests).toEqual([]);
  });

  it("W11 T13 has a scheduled session that a person joins, without the scheduled prompt, and recalls for that person", async () => {
    await harness.chat("My name is Ann");
    await harness.chat("/reset");
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    await harness.chat("Write the digest", { origin: "scheduled" });
    harness.advance("1m");

    expect((await harness.chat("thanks")).join()).toContain("Name: Ann");
    await harness.chat("/reset");

    expect(harness.delivered().at(-1)).toMatchObject({
      turns: 2,
      messages: [
        { role: "assistant", content: "You said: Write the digest" },
        { role: "user", content: "thanks" },
        { role: "assistant" },
      ],
    });
  });

  /** What the webhook provider has, a list of lines a session. */
  function told(): readonly (readonly string[])[] {
    return harness
      .delivered()
      .map(({ messages }) =>
        messages.map(({ author, content }: { author?: { id: string }; content: string }) =>
          author ? `${author.id}: ${content}` : content,
        ),
      );
  }

  async function memories(): Promise<readonly unknown[]> {
    return (await allRows(harness)).filter(({ pk }) => String(pk).startsWith("MEMORY#"));
  }
});

function fail(): never {
  throw new Error("no such session");
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Said } from "../harness/createSay.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { everyCrash } from "./everyCrash.ts";

/** What is said before the crash, what is being said when it comes, and what the sessions must be in the end. */
interface Scenario {
  readonly title: string;
  readonly before?: readonly string[];
  /** How long after that the message comes. */
  readonly pause?: string;
  readonly text: string;
  readonly said?: Said;
  /** The user's words of each session that ends, in order. */
  readonly sessions: readonly (readonly string[])[];
}

const SCENARIOS: readonly Scenario[] = [
  { title: "a first message", text: "one", sessions: [["one"]] },
  { title: "a further message", before: ["one"], text: "two", sessions: [["one", "two"]] },
  { title: "a message without a time", text: "one", said: { sentAt: null }, sessions: [["one"]] },
  { title: "/reset", before: ["one"], text: "/reset", sessions: [["one"]] },
  { title: "/new with a text", before: ["one"], text: "/new two", sessions: [["one"], ["two"]] },
  { title: "a message that comes late", before: ["one"], pause: "45m", text: "two", sessions: [["one"], ["two"]] },
  { title: "/memory on", before: ["one"], text: "/memory on", sessions: [["one"]] },
];

describe("the message function, killed before and after every call,", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  const cases = SCENARIOS.flatMap((scenario) =>
    (["waits", "writes on"] as const).map((patience) => ({ ...scenario, patience })),
  );

  it.each(cases)("T2 T3 T4 D9 P8 B5 loses and doubles nothing: $title, then the user $patience", async (scenario) => {
    const { patience } = scenario;
    const played = await everyCrash(harness, async (name, killed) => {
      const conversation = `${scenario.title} ${patience} ${name}`;
      const said = { conversation, user: { id: conversation } };
      for (const text of scenario.before ?? []) await harness.chat(text, said);
      if (scenario.pause) harness.advance(scenario.pause);
      await harness.say(scenario.text, { ...said, ...scenario.said });
      await killed(harness.step.message);
      if (patience === "waits") await harness.recover();
      await harness.say("last", said);
      await harness.recover();

      harness.advance("31m");
      await harness.sweep();
      await harness.recover();
      check(harness, conversation, scenario.sessions, scenario);
    });
    expect(played).toBeGreaterThanOrEqual(10);
  });
});

function check(
  harness: GatewayHarness,
  conversation: string,
  sessions: readonly (readonly string[])[],
  { text }: Scenario,
): void {
  const mine = harness.delivered().filter((session) => session.conversation.includes(encodeURIComponent(conversation)));
  const words = mine.map(({ messages }) =>
    messages.filter(({ role }: { role: string }) => role === "user").map(({ content }: { content: string }) => content),
  );
  // "last" closes the session that is live after the scenario; a reset has opened a new one for it.
  const expected =
    text === "/reset"
      ? [...sessions, ["last"]]
      : sessions.map((one, i) => (i === sessions.length - 1 ? [...one, "last"] : one));
  expect(words, conversation).toEqual(expected);
  for (const { turns, messages } of mine) expect(messages.length, conversation).toBe(turns * 2);
  const ids = harness.provider.received.filter(({ body }) => body.data.conversation === mine[0]?.conversation);
  expect(new Set(ids.map(({ id }) => id)).size, `${conversation}: one id a session`).toBe(mine.length);
  const replies = harness.replies.effects.filter(({ body }) => body.conversation === conversation);
  const answers = replies
    .filter(({ body }) => body.text.startsWith("You said"))
    .map(({ body }) => body.text.split("\n")[0].slice(10));
  expect(answers, `${conversation}: replies`).toEqual(expected.flat());
}

import { describe, expect, it } from "vitest";
import type { Turn } from "../../../lib/domain/Turn.ts";
import { toMessages } from "../../../lib/domain/transcript.ts";

const AT = Date.UTC(2026, 2, 2, 10);

function turn(changes: Partial<Turn> = {}): Turn {
  return {
    sk: "TURN#1",
    kind: "turn",
    messageId: "1",
    at: AT,
    origin: "chat",
    user: { id: "ann", name: "Ann" },
    text: "hello",
    reply: "hi",
    repliedAt: AT + 500,
    status: "done",
    enqueueId: "c",
    sent: 0,
    ...changes,
  };
}

const hello = { role: "user", content: "hello", author: { id: "ann", name: "Ann" }, at: AT };

const hi = { role: "assistant", content: "hi", at: AT + 500 };

describe("toMessages", () => {
  it("has both sides of a turn, each with its time", () => {
    expect(toMessages([turn()])).toEqual([hello, hi]);
  });

  it("W4 keeps who wrote what in a group", () => {
    const bob = { id: "bob" };
    const messages = toMessages([turn(), turn({ user: bob, text: "hey" })]);
    expect(messages.flatMap(({ author }) => author ?? [])).toEqual([hello.author, bob]);
  });

  it("keeps the order of the turns", () => {
    const words = toMessages([turn({ text: "1", reply: "2" }), turn({ text: "3", reply: "4" })]);
    expect(words.map(({ content }) => content)).toEqual(["1", "2", "3", "4"]);
  });

  it("T10 leaves out the apology of a turn that failed, and keeps the user's words", () => {
    expect(toMessages([turn({ status: "failed", reply: "Sorry" })])).toEqual([hello]);
  });

  it("T8 T13 leaves out commands and their answers", () => {
    expect(toMessages([turn({ kind: "command", command: "reset", text: "", reply: "Done" })])).toEqual([]);
  });

  it("T12 leaves out what was recalled, and the notice of a new session", () => {
    const messages = toMessages([turn({ memories: [{ text: "likes tea" }], notice: "(A new conversation)" })]);
    expect(messages).toEqual([hello, hi]);
  });

  it("W11 leaves out the prompt of a scheduled turn, which no person wrote", () => {
    const { user: _, ...scheduled } = turn({ origin: "scheduled", text: "post the news" });
    expect(toMessages([scheduled])).toEqual([hi]);
  });

  it("T14 has a message of the agent's own, at its own time", () => {
    const { text: _, user: _user, repliedAt: _at, ...post } = turn({ reply: "good morning" });
    expect(toMessages([post])).toEqual([{ role: "assistant", content: "good morning", at: AT }]);
  });

  it("has no reply where none was made", () => {
    const { reply: _, ...silent } = turn();
    expect(toMessages([silent])).toEqual([hello]);
  });

  it("has a user's message without a user, when the platform does not say who", () => {
    const { user: _, ...anonymous } = turn();
    expect(toMessages([anonymous])[0]).toEqual({ role: "user", content: "hello", at: AT });
  });

  it("T16 T17 cuts nothing", () => {
    const long = "x".repeat(300_000);
    const messages = toMessages(Array.from({ length: 500 }, () => turn({ text: long })));
    expect(messages).toHaveLength(1_000);
    expect(messages[0]?.content).toBe(long);
  });

  it("has what tools answered beside the reply", () => {
    const toolResults = [{ tool: "shop_find", text: "On its way" }];
    expect(toMessages([turn({ toolResults })])).toEqual([hello, { ...hi, toolResults }]);
  });

  it("has nothing of tools where no reply came of them", () => {
    const { reply: _, ...unanswered } = turn({ toolResults: [{ tool: "shop_find", text: "x" }] });
    expect(toMessages([unanswered])).toEqual([hello]);
  });
});

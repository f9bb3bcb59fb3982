import { describe, expect, it } from "vitest";
import { remembered } from "../../../lib/domain/memorySwitch.ts";
import type { StoredRow } from "../../../lib/domain/Turn.ts";

const turn = (user: string, more: StoredRow = {}): StoredRow => ({
  ...{ kind: "turn", origin: "chat", text: "words", reply: "answer", status: "done", user: { id: user } },
  ...more,
});

const command = (user: string, words: string, switchOrder: number, more: StoredRow = {}): StoredRow => ({
  ...{ kind: "command", command: words, status: "done", user: { id: user }, switchOrder, reply: "Done" },
  ...more,
});

const post = (more: StoredRow = {}): StoredRow => ({
  kind: "turn",
  origin: "chat",
  reply: "post",
  status: "done",
  ...more,
});

describe("remembered", () => {
  it("P13 leaves out marked turns, and all turns of a user whose last command was off", () => {
    const marked = turn("ana", { memoryOff: true });
    const [a, b] = [turn("ana"), turn("ben")];
    expect(remembered([marked, a, b])).toEqual([a, b]);
    expect(remembered([a, b, command("ana", "memory off", 1)])).toEqual([b]);
    expect(remembered([a, command("ana", "memory off", 1), marked, command("ana", "memory on", 2), b])).toEqual([a, b]);
    expect(remembered([a, command("ana", "memory  OFF ", 1), b])).toEqual([b]);
  });

  it("P13 changes nothing by another's command, a failed one, or one that says neither", () => {
    const a = turn("ana");
    const others = [
      ...[command("ben", "memory off", 1), command("ana", "memory off", 2, { status: "failed" })],
      ...[command("ana", "memory", 3), command("ana", "memory offline", 4), command("ana", "reset", 5)],
    ];
    expect(remembered([a, ...others])).toEqual([a]);
    expect(remembered([a, turn("ana", { text: "/memory off" })])).toHaveLength(2);
  });

  it("P13 takes for the last command the one that was answered last, wherever it stands", () => {
    const late = command("ana", "memory off", 9);
    expect(remembered([turn("ana"), late, command("ana", "memory on", 8)])).toEqual([]);
  });

  it("keeps posts, but takes what was recorded right behind a turn that is left out for the answer to that turn", () => {
    const out = turn("ana", { memoryOff: true });
    const scheduled = post({ origin: "scheduled" });
    expect(remembered([post(), out, scheduled, post()])).toEqual([post(), scheduled, post()]);
    expect(remembered([out, post(), post()])).toEqual([]);
    expect(remembered([out, turn("ben"), post()])).toEqual([turn("ben"), post()]);
    expect(remembered([post({ user: { id: "ana" } }), command("ana", "memory off", 1)])).toEqual([]);
  });

  it("takes rows that can't be read as they are, as whoever delivers them says so", () => {
    const odd: StoredRow = { kind: "turn", user: "ana", text: 7, memoryOff: "true" };
    expect(remembered([odd, { kind: "command", command: 7, status: "done", user: null }])).toEqual([odd]);
  });
});

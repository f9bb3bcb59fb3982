import { describe, expect, it } from "vitest";
import { painter } from "../../bin/output/painter.ts";
import { toJson } from "../../bin/output/toJson.ts";
import { toTable } from "../../bin/output/toTable.ts";
import { warnOfUnread } from "../../bin/output/warnOfUnread.ts";
import { plain, singleLine, when } from "../../lib/operator/plain.ts";

describe("text that may come from anybody", () => {
  it.each([
    ["\u001b[31mred\u001b[0m", "red"],
    ["a\u001b]0;title\u0007b", "ab"],
    ["over\rwritten", "over\nwritten"],
    ["bell\u0007 back\b null\0 csi\u009b2J", "bell back null csi2J"],
    ["evil\u202egnp.exe", "evilgnp.exe"],
    ["lone \ud800 half", "lone \ufffd half"],
    ["กำ 👩‍👩‍👧 é", "กำ 👩‍👩‍👧 é"],
  ])("prints %j as %j", (given, printed) => {
    // Which of a broken sequence's letters stay is the runtime's matter; that no control does is ours.
    expect(plain(given)).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
    if (!given.includes("\u009b")) expect(plain(given)).toBe(printed);
  });

  it("stays in its line, and in its cell", () => {
    expect(singleLine(" a\nb\r\n\tc ")).toBe("a b c");
    expect(toTable(["A", "B"], [["x\ny", ""]])).toBe("A    B\nx y  -");
  });

  it("is the same JSON, without a character that a terminal acts on", () => {
    const value = { text: "\u001b[31m \u009b2J \u202e \u2028 é 👩‍👧" };
    expect(toJson(value)).not.toMatch(/(?!\n)[\p{Cc}\u2028\u202E]/u);
    expect(JSON.parse(toJson(value))).toEqual(value);
  });
});

describe("the output for a person", () => {
  it("aligns columns and leaves no blanks at a line's end", () => {
    expect(
      toTable(
        ["ID", "STATE"],
        [
          ["1", "open"],
          ["22222", "x"],
        ],
      ),
    ).toBe("ID     STATE\n1      open\n22222  x");
  });

  it.each([
    [0, "now"],
    [-999, "now"],
    [-1_000, "1s ago"],
    [-119_999, "1m ago"],
    [3_600_000, "in 1h"],
    [-49 * 3_600_000, "2d ago"],
    [undefined, "-"],
  ])("says %j milliseconds away as %j", (away, words) => {
    const now = Date.parse("2026-03-02T10:00:00Z");
    expect(when(away === undefined ? undefined : now + away, now)).toBe(words);
  });

  it("has colours on a terminal only, and none where they are not wanted", () => {
    expect(painter({ isTerminal: true, env: {} })("dead")).toBe("\u001b[31mdead\u001b[39m");
    expect(painter({ isTerminal: false, env: {} })("dead")).toBe("dead");
    expect(painter({ isTerminal: true, env: { NO_COLOR: "1" } })("dead")).toBe("dead");
  });
});

describe("the note of rows that could not be read", () => {
  const warned = (count: number) => {
    const lines: string[] = [];
    const row = (number: number) => ({ pk: "CONV#a\n\u001b[31m", sk: `SESSION#${number}`, why: "newer version" });
    warnOfUnread(
      { warn: (line) => void lines.push(line) },
      Array.from({ length: count }, (_, number) => row(number)),
    );
    return lines;
  };

  it("tells them in one line, five of them by name, and none where there are none", () => {
    expect(warned(0)).toEqual([]);
    expect(warned(1)).toEqual(["vesper: 1 row could not be read, and is left out: CONV#a SESSION#0: newer version"]);
    expect(warned(5)[0]).toMatch(/^vesper: 5 rows could not be read, and are left out: .*SESSION#4: newer version$/);
    expect(warned(7)).toHaveLength(1);
    expect(warned(7)[0]).toMatch(/SESSION#4: newer version; and 2 more$/);
  });
});

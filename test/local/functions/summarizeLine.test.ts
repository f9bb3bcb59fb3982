import { describe, expect, it } from "vitest";
import { summarizeLine } from "../../../local/functions/summarizeLine.ts";

describe("summarizeLine", () => {
  it("shows a warning with its facts, without what the log file is for", () => {
    const line =
      '{"time":"t","level":"warn","event":"hook.dead","provider":"mem0","message":"gone\\nmore","stack":"s"}';
    expect(summarizeLine("session-end", line)).toBe("warn  session-end  hook.dead  gone  provider=mem0");
  });

  it.each(['{"level":"info","event":"x"}', "plain text", "{broken", "[]"])("says nothing of %s", (line) => {
    expect(summarizeLine("message", line)).toBeUndefined();
  });

  it("keeps to one line of a console", () => {
    expect(summarizeLine("message", JSON.stringify({ level: "error", text: "x".repeat(999) }))).toHaveLength(240);
  });
});

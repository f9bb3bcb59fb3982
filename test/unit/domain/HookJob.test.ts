import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { hookJobSchema, jobOf } from "../../../lib/domain/HookJob.ts";

const hook = { session: "S1", conversation: "acme/telegram/7//", provider: "crm" };

const job = { v: 1, ...hook };

describe("HookJob", () => {
  it("D5 W1 W3 carries the ids of its own session, and nothing that could grow old", () => {
    const row = { ...hook, status: "pending", attempts: 3, checkpoint: { at: 5 } };
    expect(jobOf(row)).toEqual(job);
  });

  it("reads back what was put on the queue", () => {
    expect(v.parse(hookJobSchema, JSON.parse(JSON.stringify(jobOf(hook))))).toEqual(job);
    expect(v.parse(hookJobSchema, { ...job, deadAt: 5 })).toEqual({ ...job, deadAt: 5 });
  });

  it.each<[string, unknown]>([
    ["another version", { ...job, v: 2 }],
    ["no version", hook],
    ["no session", { ...job, session: undefined }],
    ["a provider that is no text", { ...job, provider: 5 }],
    ["a death that is no time", { ...job, deadAt: "now" }],
    ["a text", "job"],
    ["null", null],
  ])("refuses %s", (_, given) => {
    expect(v.safeParse(hookJobSchema, given).success).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { repeatBatch } from "../../../lib/store/repeatBatch.ts";

describe("repeatBatch", () => {
  /** Sends `requests` to a table that leaves out what `leaves` says; answers what it was sent, and the waits between. */
  const play = async (requests: readonly string[], leaves: (attempt: number) => readonly string[], random = 1) => {
    let now = 0;
    const waits: number[] = [];
    const sent: (readonly string[])[] = [];
    const until = async (time: number) => {
      waits.push(time - now);
      now = time;
    };
    const services = { clock: { now: () => now, until }, random: () => random };
    const send = async (batch: readonly string[]) => leaves(sent.push(batch));
    const error = await repeatBatch(services, requests, send).catch((thrown: unknown) => thrown);
    return { sent, waits, error };
  };

  it("does not wait when the table took all", async () => {
    expect(await play(["a", "b"], () => [])).toEqual({ sent: [["a", "b"]], waits: [], error: undefined });
  });

  it("sends a batch again without what was taken, after a wait", async () => {
    const { sent, waits, error } = await play(["a", "b", "c"], (attempt) => [["b", "c"], ["c"], []][attempt - 1] ?? []);
    expect(sent).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
    expect(waits).toEqual([50, 100]);
    expect(error).toBeUndefined();
  });

  it("gives a batch up with an error after seven attempts and some three seconds, for a retry later", async () => {
    const { sent, waits, error } = await play(["a", "b"], () => ["b"]);
    expect(sent).toHaveLength(7);
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600]);
    expect(error).toMatchObject({ name: "UnprocessedBatch", retry: true });
    expect(String(error)).toContain("left out 1 of a batch of 2 after 7 attempts");
  });

  it("waits at random, so that those who were throttled together do not come again together", async () => {
    const { waits } = await play(["a"], () => ["a"], 0.25);
    expect(waits).toEqual([12.5, 25, 50, 100, 200, 400]);
  });
});

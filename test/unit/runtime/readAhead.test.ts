import { describe, expect, it } from "vitest";
import { readAhead } from "../../../lib/runtime/async.ts";

describe("reading ahead", () => {
  const said: string[] = [];
  async function* count(to: number) {
    try {
      for (let number = 1; number <= to; number++) {
        said.push(`asked for ${number}`);
        yield number;
      }
      throw new Error("no more");
    } finally {
      said.push("ended");
    }
  }

  it("asks for the next value while one is worked on, in order, and throws what the source throws in its turn", async () => {
    said.length = 0;
    const work = async () => {
      for await (const number of readAhead(count(2))) {
        await new Promise((resolve) => setImmediate(resolve));
        said.push(`worked on ${number}`);
      }
    };
    await expect(work()).rejects.toThrow("no more");
    expect(said).toEqual(["asked for 1", "asked for 2", "worked on 1", "ended", "worked on 2"]);
  });

  it("ends the source when it is left early", async () => {
    said.length = 0;
    for await (const number of readAhead(count(9))) if (number === 1) break;
    expect(said.at(-1)).toBe("ended");
    expect(said).not.toContain("asked for 3");
  });
});

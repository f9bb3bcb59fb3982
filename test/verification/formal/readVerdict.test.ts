import { describe, expect, it } from "vitest";
import { readVerdict } from "../../../verification/formal/readVerdict.ts";

const whole = (errors: number) => `
(Spin Version 6.5.2 -- 6 December 2019)
	+ Partial Order Reduction

Full statespace search for:
	invalid end states	+

State-vector 120 byte, depth reached 100, errors: ${errors}
   306460 states, stored
pan: elapsed time 0.57 seconds
`;

describe("readVerdict", () => {
  it("reads a complete search without an error", () => {
    expect(readVerdict(whole(0))).toEqual({
      states: 306_460,
      depth: 100,
      seconds: 0.57,
      complete: true,
      broken: undefined,
    });
  });

  it.each([
    ["reads a broken claim by its number", "pan:1: assertion violated (11&&(x==0)) (at depth 99)", 11],
    ["reads another error in the verifier's words", "pan:1: invalid end state (at depth 7)", "invalid end state"],
    ["reads a cycle", "pan:1: non-progress cycle (at depth 3)", "non-progress cycle"],
  ])("%s", (_, line, broken) => {
    expect(readVerdict(`${line}\n${whole(1)}`)).toMatchObject({ broken, complete: false });
  });

  it.each(["error: max search depth too small\n", "Warning: Search not completed\n"])(
    "takes a search that was cut off for incomplete: %s",
    (line) => {
      expect(readVerdict(line + whole(0))).toMatchObject({ complete: false });
    },
  );

  it("takes bitstate hashing for incomplete, and no verdict for an error", () => {
    expect(readVerdict(whole(0).replace("Full statespace", "Bit statespace")).complete).toBe(false);
    expect(readVerdict("killed")).toMatchObject({ complete: false, broken: "no verdict: killed" });
  });
});

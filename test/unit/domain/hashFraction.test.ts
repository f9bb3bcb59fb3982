import { expect, it } from "vitest";
import { hashFraction } from "../../../lib/domain/deadline.ts";

it("spreads conversations evenly over the window, each at a place of its own", () => {
  const places = Array.from({ length: 10_000 }, (_, index) => hashFraction(`default/telegram/${index}//`));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThan(1);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = places.filter((place) => Math.floor(place * 10) === tenth).length;
    // A tenth of ten thousand, give or take five standard deviations.
    expect(Math.abs(share - 1_000)).toBeLessThan(150);
  }
  expect(hashFraction("default/telegram/1//")).toBe(places[1]);
});

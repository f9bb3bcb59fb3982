import { describe, expect, it } from "vitest";
import { designs, now } from "../../verification/growth/designs.ts";
import { rate, simulate, workersAt } from "../../verification/growth/simulate.ts";
import { steady } from "../../verification/growth/steady.ts";

describe("the arithmetic of the growth simulation", () => {
  it("makes a function as fast as its CPU, or as the answers come", () => {
    // A tenth of a CPU; two calls of 0.4 ms.
    expect(rate(2, 16, 0.1)).toBeCloseTo(125);
    // A CPU to spare: 16 visits at once of two answers of 5 ms.
    expect(rate(2, 16, 10)).toBeCloseTo(1_600);
  });

  it("begins a queue's invocations with 5 and grows them by 300 a minute, up to the limit", () => {
    expect([0, 60, 600].map((step) => workersAt(step, 1_000))).toEqual([5, 305, 1_000]);
    expect(workersAt(60, 50)).toBe(50);
  });

  it("ends what a sweep saw coming by the two batches that its queue has at once", () => {
    const aSecond = 2 * rate(2, 16, 256 / 1_769);
    const { ended = 0 } = simulate(now, 20_000);
    expect(ended).toBeGreaterThanOrEqual(20_000 / aSecond);
    expect(ended).toBeLessThan(20_000 / aSecond + 2);
  });

  it("ends by the next sweep, too, what is overdue by then", () => {
    const aSecond = rate(2, 16, 256 / 1_769);
    const { ended = 0 } = simulate(now, 50_000);
    expect(ended).toBeGreaterThan(60 + (50_000 - 60 * 2 * aSecond) / (3 * aSecond) - 2);
    expect(ended).toBeLessThan(60 + (50_000 - 60 * 2 * aSecond) / (3 * aSecond) + 2);
  });

  it("ends a herd by many sweeps as fast as the table writes", () => {
    const { sealed = 0 } = simulate({ ...now, sweeps: 1_000, expiryMemory: 10_240, deliveries: 5 }, 40_000);
    // Three units a session: the conversation's deletion, the hook, the session.
    expect(sealed).toBeGreaterThanOrEqual((40_000 * 3) / 4_000);
    expect(sealed).toBeLessThan((40_000 * 3) / 4_000 + 5);
  });

  it("lets deliveries take what the provider takes", () => {
    const { delivered = 0 } = simulate(now, 50_000);
    expect(delivered).toBeGreaterThan((50_000 * 1.1) / 50);
    expect(delivered).toBeLessThan(1.05 * ((50_000 * 1.1) / 50) + 60);
  });

  it("spares a queue that takes hours: enqueues no more jobs again than make it long", () => {
    expect(simulate(now, 200_000).repeated).toBeLessThanOrEqual(1_000);
    expect(simulate(now, 1e6).repeated).toBeLessThanOrEqual(1_000);
  });

  it("makes sweeps that share what is due so many times as fast, until the table takes no more", () => {
    const wide = { ...now, deliveries: 1_000 };
    const [one = 0, two = 0, eight = 0] = [1, 2, 8].map((sweeps) => simulate({ ...wide, sweeps }, 1e6).ended);
    expect(one / two).toBeGreaterThan(1.4);
    // Five units a session: two of them the delivery's, which goes on beside.
    expect(eight).toBeGreaterThan((1e6 * 3) / 4_000);
    expect(eight).toBeLessThan((1e6 * 5) / 4_000 + 60);
  });

  it("ends sessions in time beside hooks that the sweep puts off, as a queue brings them", () => {
    expect(simulate({ ...now, spread: 7_200 }, 1e6).lateness).toBeLessThan(2);
  });

  it("never lets the stream fall so far behind that the sweep takes a late session for lost", () => {
    for (const design of designs) {
      const { ended = 0, sealed = Number.POSITIVE_INFINITY } = simulate(design, 1e6);
      // The last record waits the longest; lib/store/sessions.ts gives it five minutes.
      expect(sealed - ended).toBeLessThan(300);
    }
  });

  it("makes no herd late that is spread over longer than it takes", () => {
    const outcome = simulate({ ...now, spread: 1_000 }, 100_000);
    expect(outcome).toMatchObject({ ended: 1_000, repeated: 0 });
    expect(outcome.lateness).toBeLessThan(2);
  });

  it("keeps up with visits, deliveries, and 144 runs of retention a day of 110 s each", () => {
    const { visits, live, deliveries, purges } = steady(now);
    expect(visits).toBeCloseTo((2 * 256) / 1_769 / (2 * 0.4e-3));
    expect(live).toBeCloseTo(visits * 43_200);
    expect(deliveries).toBeCloseTo(50 / 1.1);
    expect(purges).toBeCloseTo((visits / 4) * 110 * 144);
  });

  it("delivers all in every design, and counts everything once", () => {
    for (const design of designs) {
      const { ended = 0, sealed = 0, delivered = 0 } = simulate(design, 100_000);
      expect(ended).toBeGreaterThan(0);
      expect(sealed).toBeGreaterThanOrEqual(ended);
      expect(delivered).toBeGreaterThanOrEqual(sealed);
    }
  });
});

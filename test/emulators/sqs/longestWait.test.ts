import { expect, it, onTestFinished } from "vitest";
import { sqsBench } from "./sqsBench.ts";

it("answers a receive that would wait for longer as soon as its longest wait is over", async () => {
  const bench = await sqsBench({ longestWait: 50 });
  onTestFinished(() => bench.close());
  await bench.create("q");
  const start = performance.now();
  expect(await bench.bodies("q", { WaitTimeSeconds: 20 })).toEqual([]);
  expect(performance.now() - start).toBeLessThan(5_000);
  await bench.send("q", "there at once");
  expect(await bench.bodies("q", { WaitTimeSeconds: 20 })).toEqual(["there at once"]);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DELIBERATE_FAULTS } from "../../../verification/simulation/deliberateFaults.ts";

const ROOT = join(import.meta.dirname, "../../..");

it("each deliberate fault finds the text that it changes, once", () => {
  expect(DELIBERATE_FAULTS.length).toBeGreaterThan(60);
  const lost = DELIBERATE_FAULTS.filter(
    ({ file, find }) => readFileSync(join(ROOT, file), "utf8").split(find).length !== 2,
  );
  expect(lost.map(({ name, file }) => `${name}: ${file}`)).toEqual([]);
});

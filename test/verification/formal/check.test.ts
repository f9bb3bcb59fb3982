import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../../verification/formal/check.ts", import.meta.url));

/** On a machine that has neither spin nor a compiler. */
function withoutTools(env: Readonly<Record<string, string>>) {
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT], { encoding: "utf8", env: { PATH: "", ...env } });
  return { status, stdout };
}

it("fails in CI where its tools are missing, and says how to go without", () => {
  const stdout = expect.stringMatching(/^formal: FAILED, as spin and cc cannot be found.* VESPER_FORMAL=skip/);
  expect(withoutTools({ CI: "true" })).toEqual({ status: 1, stdout });
  expect(withoutTools({ CI: "true", VESPER_FORMAL: "" })).toEqual({ status: 1, stdout });
});

it.each([{ CI: "true", VESPER_FORMAL: "skip" }, {}])("skips the search where that is wanted: %j", (env) => {
  const stdout = expect.stringMatching(/^formal: skipped, as spin and cc cannot be found/);
  expect(withoutTools(env)).toEqual({ status: 0, stdout });
});

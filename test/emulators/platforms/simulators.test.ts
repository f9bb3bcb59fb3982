import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { findSimulator } from "../../../emulators/platforms/findSimulator.ts";

const ROOT = join(import.meta.dirname, "../../..");

const kinds = globSync("lib/platforms/*", { cwd: ROOT }).map((path) => basename(path));

it("each platform has a simulator in a folder of its kind; http needs none, as any program may speak for it", async () => {
  expect(kinds.length).toBeGreaterThan(1);
  for (const kind of kinds)
    expect({ kind, has: typeof (await findSimulator(kind)) }).toEqual({
      kind,
      has: kind === "http" ? "undefined" : "function",
    });
});

it.each(["pager", "../telegram", "", "Telegram", "telegram/../telegram"])("there is none for %j", async (kind) => {
  expect(await findSimulator(kind)).toBeUndefined();
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const page = read("docs/design/states.md");

/** Functions of files that write their rows: all that they export, but those that are said to only read or make updates. */
function writersOf(paths: readonly string[], others: readonly string[]): string[] {
  const names = Array.from(
    paths
      .map(read)
      .join("\n")
      .matchAll(/^export (?:async )?function (\w+)/gm),
    ([, name = ""]) => name,
  );
  return names.filter((name) => !others.includes(name));
}

/** The rows of a section's last table, cell by cell. */
function transitions(section: string): string[][] {
  const text = page.slice(page.indexOf(`## ${section}`)).split(/\n## /)[0] ?? "";
  const table = text.slice(text.indexOf("| from | to | made by | when |"));
  return Array.from(table.matchAll(/^\| (?!from|-)(.+) \|$/gm), ([, row = ""]) => row.split(" | "));
}

/** The functions that a cell names, each with the files of which one has it. */
function named(cell: string, files: readonly string[]): { readonly name: string; readonly paths: readonly string[] }[] {
  const path = /`(lib\/[^`]+\.ts)`/.exec(cell)?.[1];
  return Array.from(cell.matchAll(/`(\w+)`/g), ([, name = ""]) => ({ name, paths: path ? [path] : files }));
}

const HOOK_FILES = ["hooks", "hookAttempts", "hookWaits", "hookOperations"].map((name) => `lib/store/${name}.ts`);

describe.each([
  ["Hook", HOOK_FILES, ["hookUpdate", "refusedHook", "revival"]],
  ["Conversation", ["lib/store/conversations.ts"], ["readConversation"]],
] as const)("docs/design/states.md on the row of a %s", (section, files, others) => {
  const rows = transitions(section);
  const made = rows.flatMap(([, , by = ""]) => named(by, files));

  it("names functions that there are", () => {
    expect(made.length).toBeGreaterThan(8);
    const missing = made.filter(
      ({ name, paths }) =>
        !paths.some((path) => new RegExp(`^export (async )?function ${name}\\b`, "m").test(read(path))),
    );
    expect(missing).toEqual([]);
  });

  it("tells what each function does that writes the row", () => {
    const told = new Set(made.map(({ name }) => name));
    expect(writersOf(files, others).filter((name) => !told.has(name))).toEqual([]);
  });

  it("has no other states than those that it explains", () => {
    const text = page.slice(page.indexOf(`## ${section}`)).split(/\n## /)[0] ?? "";
    const explained = Array.from(text.matchAll(/^\| (\w+) \| [^|]+ \|$/gm), ([, state]) => state);
    const used = rows.flatMap(([from = "", to = ""]) => `${from}, ${to}`.split(", "));
    expect(used.filter((state) => !explained.includes(state) && state !== "the same")).toEqual([]);
  });

  it("opens the file with the same transitions", () => {
    const opening = /\/\*\n([\s\S]*?)\*\//.exec(read(files[0]))?.[1] ?? "";
    for (const name of writersOf(files, others)) expect(opening).toContain(name);
  });
});

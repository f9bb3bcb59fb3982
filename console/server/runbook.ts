import { readFile } from "node:fs/promises";
import { join } from "node:path";

const PATH = join(import.meta.dirname, "../../docs/operate/runbook.md");

/** A row of the table of alarms in docs/operate/runbook.md. */
export interface AlarmRow {
  /** The names of the row, which stand behind the stack's. */
  readonly names: readonly string[];
  readonly means: string;
  readonly act: string;
  /** Where the operators' page has it, such as `Health`. */
  readonly page: string;
  /** The address of its section, behind the `#`. */
  readonly section: string;
}

/** What docs/operate/runbook.md says to those who are paged. */
export interface Runbook {
  readonly alarms: readonly AlarmRow[];
  /** The text of each section, by its address. */
  readonly sections: ReadonlyMap<string, string>;
}

/** Reads docs/operate/runbook.md. */
export async function readRunbook(): Promise<Runbook> {
  const text = await readFile(PATH, "utf8");
  const [, ...parts] = text.split(/^(?=#{2,3} )/m);
  const sections = new Map(parts.map((part) => [addressOf(part.split("\n")[0] ?? ""), part.trim()]));
  return { alarms: text.split("\n").flatMap((line) => rowOf(line) ?? []), sections };
}

/** As GitHub makes it of a heading: lower case, blanks to hyphens, nothing else but letters, digits and hyphens. */
function addressOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, "")
    .replaceAll(" ", "-");
}

function rowOf(line: string): AlarmRow | undefined {
  const [, first = "", means = "", act = "", page = ""] = line.split("|").map((cell) => cell.trim());
  const section = /\]\(#([\w-]+)\)/.exec(first)?.[1];
  if (section === undefined || page === "") return undefined;
  const names = Array.from(first.matchAll(/`([^`]+)`/g), ([, name = ""]) => name);
  return { names, means, act: act.replaceAll("*", ""), page, section };
}

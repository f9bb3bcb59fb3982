import type { Proven } from "./provenProviders.ts";

/** A page with what is proven filled in, and what is wrong with it. */
interface Filled {
  readonly page: string;
  readonly problems: readonly string[];
}

/** What becomes of a session that is delivered twice, by what the suite holds a provider to. */
const REPEATED: Readonly<Record<string, string>> = {
  "server-key": "has no second effect, not even at once: the service knows the delivery's key",
  upsert: "has no second effect, not even at once: it writes what is there already",
  "read-back": "is looked for before it is stored again",
  none: "comes a second time",
};

/** The kinds that store a session exactly once, and those that are asked first whether they have it. */
const EXACT: readonly string[] = ["server-key", "upsert"];

/** A row of the table of providers: its adapter's name, and where it keeps what, which people write. */
const ROW = /^\| `(\w+)\(.*?\)` \| (.*?) \|.*\|$/gm;

/** Fills in the table of docs/start/memory.md. A row is written by hand; all but its first two cells come from what is proven. */
export function fillTable(page: string, proven: readonly Proven[]): Filled {
  const kinds = new Set(proven.map(({ kind }) => kind));
  const rows = new Set([...page.matchAll(ROW)].map(([, kind = ""]) => kind));
  const filled = page.replace(ROW, (row, kind: string, where: string) => {
    const own = proven.filter((one) => one.kind === kind);
    if (own.length === 0) return row;
    const [name = ""] = /`.*?`/.exec(row) ?? [];
    const cells = [name, where, say(own, repeatedOf), say(own, deliveredOf), say(own, recallsOf), say(own, forgetsOf)];
    return `| ${cells.join(" | ")} |`;
  });
  return {
    page: filled,
    problems: [
      ...[...kinds].filter((kind) => !rows.has(kind)).map((kind) => `docs/start/memory.md has no row for ${kind}`),
      ...[...rows].filter((kind) => !kinds.has(kind)).map((kind) => `${kind} has a row, but no contract test`),
    ],
  };
}

/** Fills in the README's lists of who stores a session exactly once, and who is asked first. */
export function fillPromise(page: string, proven: readonly Proven[]): Filled {
  const kinds = [...new Set(proven.map(({ kind }) => kind))];
  const named = (fits: (idempotency: string) => boolean) =>
    kinds
      .filter((kind) => proven.filter((one) => one.kind === kind).every(({ idempotency }) => fits(idempotency)))
      .map((kind) => `\`${kind}\``)
      .join(", ");
  const lists = [
    ["takes an idempotency key or an upsert", named((idempotency) => EXACT.includes(idempotency))],
    ["is found to have it", named((idempotency) => idempotency === "read-back")],
  ] as const;
  const problems: string[] = [];
  let filled = page;
  for (const [words, list] of lists) {
    const place = new RegExp(`(${words}) \\([^)]*\\)`);
    if (!place.test(page)) problems.push(`README.md does not say "${words} (…)"`);
    filled = filled.replace(place, `$1 (${list})`);
  }
  return { page: filled, problems };
}

/** What is said of a provider; of each of its variants, where they differ. */
function say(own: readonly Proven[], wordsOf: (one: Proven) => string): string {
  const words = new Set(own.map(wordsOf));
  if (words.size === 1) return [...words].join("");
  return own.map((one) => `${one.variant}: ${wordsOf(one)}`).join("; ");
}

function repeatedOf({ idempotency }: Proven): string {
  return REPEATED[idempotency] ?? idempotency;
}

function deliveredOf({ confirm }: Proven): string {
  return confirm ? "it is stored, for which it is asked later" : "it has acknowledged";
}

/** The suite holds what is recalled to its scope. */
function recallsOf({ recall }: Proven): string {
  return recall ? "to the same tenant, user and group alone" : "no";
}

function forgetsOf({ forget }: Proven): string {
  return forget ? "that user alone" : "no";
}

import * as v from "valibot";
import { satisfies } from "./satisfies.ts";

/** Licences that ask for no more than their notice. */
const ALLOWED = new Set([
  ...["0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"],
]);

/** Those and, for what is used here but never shipped: changes to its own files, and the author's name with its data. */
const ALLOWED_IN_DEVELOPMENT = new Set([...ALLOWED, "MPL-2.0", "CC-BY-4.0"]);

/**
 * Packages that refer to a file, by name and version, and what is to be read there or in their readme: no other version's
 * word counts.
 */
const READ: Readonly<Record<string, string>> = {
  // On its way from the one to the other: https://github.com/modelcontextprotocol/servers/blob/main/LICENSE
  "@modelcontextprotocol/server-memory 2026.8.31": "MIT AND Apache-2.0",
};

const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      license: v.optional(v.string()),
      dev: v.optional(v.boolean()),
      optional: v.optional(v.boolean()),
    }),
  ),
});

const manifestSchema = v.object({ license: v.optional(v.union([v.string(), v.object({ type: v.string() })])) });

/** What was found. */
export interface Licences {
  /** One line a package that must not be used, and why. */
  readonly problems: readonly string[];
  readonly checked: number;
  /** Packages for other platforms, which are checked where they are installed. */
  readonly elsewhere: number;
}

/**
 * Looks at the licence of every package of a lock file.
 *
 * @param lock `package-lock.json`, parsed
 * @param readManifest the parsed `package.json` below a path of the lock file; undefined when it is not installed
 */
export function licenceProblems(lock: unknown, readManifest: (path: string) => unknown): Licences {
  const problems: string[] = [];
  let checked = 0;
  let elsewhere = 0;
  const { "": _root, ...packages } = v.parse(lockSchema, lock).packages;
  for (const [path, { version = "", license, dev = false, optional = false }] of Object.entries(packages)) {
    // What is installed says more than what was written down of it.
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const licence = READ[`${name} ${version}`] ?? licenceOf(readManifest(path)) ?? license;
    if (licence === undefined && optional) {
      elsewhere++;
      continue;
    }
    checked++;
    if (satisfies(licence ?? "", dev ? ALLOWED_IN_DEVELOPMENT : ALLOWED)) continue;
    problems.push(`${name} ${version}${dev ? " (for development)" : ""} is under ${licence ?? "no stated licence"}`);
  }
  return { problems, checked, elsewhere };
}

function licenceOf(manifest: unknown): string | undefined {
  const parsed = v.safeParse(manifestSchema, manifest);
  const license = parsed.success ? parsed.output.license : undefined;
  return typeof license === "object" ? license.type : license;
}

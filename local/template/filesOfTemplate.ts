import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Import } from "./synthesizeInThread.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Vesper's own folders. What a config has beside them is the team's. */
const OURS = ["cdk", "lib", "local"].map((folder) => join(ROOT, folder) + sep);

/** It pins the packages, of which no file is looked at. */
const SETTINGS = join(ROOT, "package.json");

/** What may say something else at the next start. */
const UNSTEADY = /\b(?:process|require|globalThis|Date|performance|Math\.random|crypto)\b|\bimport\s*\(/;

/**
 * The files that a template is made of, absolute paths; undefined when it may be another though none of them changes:
 * when the team's config asks for the time, the environment or the like, or for packages other than Vesper.
 *
 * @param imports all that were made for it
 */
export function filesOfTemplate(imports: readonly Import[]): readonly string[] | undefined {
  const paths = new Set(imports.flatMap(({ url }) => (url.startsWith("file:") ? [fileURLToPath(url)] : [])));
  const files = [...paths].filter((path) => isOurs(path) || !path.includes(`${sep}node_modules${sep}`));
  const teams = new Set(files.filter((path) => !isOurs(path)));
  const isSteady = imports.every(({ specifier, from }) => {
    const isTeams = from?.startsWith("file:") && teams.has(fileURLToPath(from));
    return !isTeams || /^(?:[./]|file:|vesper(?:\/|$))/.test(specifier);
  });
  if (!isSteady || [...teams].some((path) => UNSTEADY.test(readFileSync(path, "utf8")))) return undefined;
  return [SETTINGS, ...files];
}

function isOurs(path: string): boolean {
  return OURS.some((folder) => path.startsWith(folder));
}

import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { LocalError } from "../LocalError.ts";

/**
 * The names and values of a `.env` file; empty values, and those of white space alone, count as missing.
 *
 * @returns empty when there is no such file
 * @throws LocalError when it can't be read
 */
export function readEnvFile(path: string): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new LocalError(`can't read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
  const entries = Object.entries(parseEnv(text));
  return new Map(entries.flatMap(([name, value]) => (value?.trim() ? [[name, value] as const] : [])));
}

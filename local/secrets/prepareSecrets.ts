import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "../files/writeAtomically.ts";
import { readEnvFile } from "./readEnvFile.ts";

/** Ends the name of a secret that its owner makes up, so that a random one will do. */
const SELF_CHOSEN = "_SIGNING_SECRET";

/** Bytes of a generated secret: what Standard Webhooks takes, 24 to 64. */
const SECRET_BYTES = 32;

/** Only its owner reads the file. */
const MODE = 0o600;

/**
 * Looks for the config's secrets in a `.env` file and adds those that it lacks and that can be made up.
 *
 * @param names the secrets that the config refers to
 * @returns which were made up, and which are missing because somebody else gives them out
 */
export function prepareSecrets(
  path: string,
  names: readonly string[],
): { readonly generated: readonly string[]; readonly missing: readonly string[] } {
  const given = readEnvFile(path);
  const absent = [...new Set(names)].filter((name) => !given.has(name)).sort();
  const generated = absent.filter((name) => name.endsWith(SELF_CHOSEN));
  if (generated.length > 0) append(path, generated);
  return { generated, missing: absent.filter((name) => !name.endsWith(SELF_CHOSEN)) };
}

function append(path: string, names: readonly string[]): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = names.map((name) => `${name}=whsec_${randomBytes(SECRET_BYTES).toString("base64")}\n`);
  writeAtomically(path, `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines.join("")}`, MODE);
  chmodSync(path, MODE);
}

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { keepPrivate } from "../files/keepPrivate.ts";
import { writeAtomically } from "../files/writeAtomically.ts";
import { LocalError } from "../LocalError.ts";
import { localSecrets } from "./localSecrets.ts";

/** Ends the name of a secret that its owner makes up, so that a random one will do. */
const SELF_CHOSEN = "_SIGNING_SECRET";

/** Bytes of a generated secret: what Standard Webhooks takes, 24 to 64. */
const SECRET_BYTES = 32;

/**
 * Looks for the config's secrets in a `.env` file and in the environment, and adds to the file those that both lack and
 * that can be made up. What the environment has is never written down.
 *
 * @param names the secrets that the config refers to
 * @param env the environment of the process
 * @returns which were made up, and which are missing because somebody else gives them out
 * @throws LocalError when the file can't be read, or can't be kept to its owner
 */
export function prepareSecrets(
  path: string,
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): { readonly generated: readonly string[]; readonly missing: readonly string[] } {
  tighten(path);
  const given = localSecrets(path, names, env);
  const absent = [...new Set(names)].filter((name) => !given.has(name)).sort();
  const generated = absent.filter((name) => name.endsWith(SELF_CHOSEN));
  if (generated.length > 0) append(path, generated);
  return { generated, missing: absent.filter((name) => !name.endsWith(SELF_CHOSEN)) };
}

function tighten(path: string): void {
  try {
    keepPrivate(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LocalError(`${path} holds secrets that other users can read (${why}): do chmod 600 on it`, {
      cause: error,
    });
  }
}

function append(path: string, names: readonly string[]): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = names.map((name) => `${name}=whsec_${randomBytes(SECRET_BYTES).toString("base64")}\n`);
  writeAtomically(path, `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines.join("")}`);
}

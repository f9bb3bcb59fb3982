import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { SecretRef } from "../../lib/adapter/options.ts";
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
 * @param refs the secrets that the config refers to
 * @param env the environment of the process
 * @returns which were made up, and which are missing because somebody else gives them out
 * @throws LocalError when the file can't be read, or can't be kept to its owner
 */
export function prepareSecrets(
  path: string,
  refs: readonly SecretRef[],
  env: Readonly<Record<string, string | undefined>> = {},
): { readonly generated: readonly string[]; readonly missing: readonly string[] } {
  tighten(path);
  const names = [...new Set(refs.map(({ secret }) => secret))];
  const given = localSecrets(path, names, env);
  const absent = names.filter((name) => !given.has(name)).sort();
  // One of another form is given out by somebody, whatever it is called.
  const fits = (name: string) => refs.every(({ secret, form }) => secret !== name || form?.matches(made()) !== false);
  const generated = absent.filter((name) => name.endsWith(SELF_CHOSEN) && fits(name));
  if (generated.length > 0) append(path, generated);
  return { generated, missing: absent.filter((name) => !generated.includes(name)) };
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

function made(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}

function append(path: string, names: readonly string[]): void {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const lines = names.map((name) => `${name}=${made()}\n`);
  writeAtomically(path, `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines.join("")}`);
}

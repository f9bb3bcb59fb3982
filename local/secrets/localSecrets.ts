import { readEnvFile } from "./readEnvFile.ts";

/**
 * The secrets of a gateway on this machine, by name, as they are now: the lines of `.env`, and over them what the
 * environment of `npm start` has under the names that the config refers to. Nothing else is taken from the environment.
 *
 * @param names the secrets that the config refers to
 * @throws LocalError when `.env` can't be read
 */
export function localSecrets(
  envPath: string,
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  return new Map([...readEnvFile(envPath), ...fromEnvironment(names, env)]);
}

/** Values of white space alone count as missing, as they do in `.env`. */
function fromEnvironment(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly [string, string])[] {
  return names.flatMap((name) => {
    const value = env[name];
    return value?.trim() ? [[name, value] as const] : [];
  });
}

/** What a secret must look like. Values are looked at when they are checked and used, and shown nowhere. */
export interface SecretForm {
  /** In words, such as `a bot token such as "123456:ABC-DEF"`. */
  readonly shows: string;
  /** Whether a value, without white space around it, is of the form. */
  matches(value: string): boolean;
}

/** Names a secret; its value is fetched when it is needed and is never part of the config, the code or the template. */
export interface SecretRef {
  readonly secret: string;
  /** Absent: any text. Stated by the adapter's schema, never by the config. */
  readonly form?: SecretForm;
}

/**
 * A reference to the secret called `name`: the SSM parameter `/<prefix>/<name>` when deployed, a line of `.env` or a
 * variable of the environment locally. Names are upper-case letters, digits and underscores, so that they fit all three.
 */
export function secret(name: string): SecretRef {
  return { secret: name };
}

/** Every reference within a value, whatever that is. */
export function refsIn(value: unknown): readonly SecretRef[] {
  if (typeof value !== "object" || value === null) return [];
  if (isRef(value)) return [value];
  return Object.values(value).flatMap(refsIn);
}

function isRef(value: object): value is SecretRef {
  if (!("secret" in value) || typeof value.secret !== "string") return false;
  return Object.keys(value).every((key) => key === "secret" || key === "form");
}

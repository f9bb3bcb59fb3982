import * as v from "valibot";
import { formatDuration, parseDuration } from "./duration.ts";
import { isForbiddenAddress } from "./http/isForbiddenAddress.ts";
import { strictFields } from "./schema/strictFields.ts";
import { formatSize, parseSize } from "./size.ts";

const SHOWS = 'a duration such as "30s", "90m", "24h" or "7d"';

/** A century, milliseconds: a time that lies further away is none that a date can show. */
const MAX_DURATION_MS = 36_500 * 86_400_000;

/** A duration text, parsed to milliseconds between `least` and `most` (both milliseconds, inclusive). */
export function durationSchema(least: number, most?: number) {
  const range =
    most === undefined
      ? `at least ${formatDuration(least)}`
      : `from ${formatDuration(least)} to ${formatDuration(most)}`;
  const error = `${SHOWS}, ${range}`;
  return v.pipe(
    v.string(error),
    v.check((text) => within(parseDuration(text), least, most ?? MAX_DURATION_MS), error),
    v.transform((text) => parseDuration(text) ?? 0),
  );
}

/** A size text, parsed to bytes between `least` and `most` (both bytes, inclusive). */
export function sizeSchema(least: number, most: number) {
  const error = `a size such as "100KB" or "1MB", from ${formatSize(least)} to ${formatSize(most)}`;
  return v.pipe(
    v.string(error),
    v.check((text) => within(parseSize(text), least, most), error),
    v.transform((text) => parseSize(text) ?? 0),
  );
}

/** A whole number between `least` and `most`, inclusive. */
export function wholeNumberSchema(least: number, most: number) {
  const error = `a whole number from ${least.toLocaleString("en")} to ${most.toLocaleString("en")}`;
  return v.pipe(v.number(error), v.integer(error), v.minValue(least, error), v.maxValue(most, error));
}

const SECRET_NAME = "upper-case letters, digits and underscores, a letter first";

/** A reference made by `secret("NAME")`, to a secret of any form. */
export const secretSchema = strictFields(
  { secret: v.pipe(v.string(SECRET_NAME), v.check(isSecretName, SECRET_NAME)) },
  'a reference made by secret("NAME"); a secret is never written into the config',
);

/** A reference made by `secret("NAME")`, to a secret of this form: it is checked before users meet it. */
export function secretOf(form: SecretForm) {
  return v.pipe(
    secretSchema,
    v.transform(({ secret }): SecretRef => ({ secret, form })),
  );
}

const ADDRESS =
  'an address such as "https://example.com/hook", without a user name or password in it, and no metadata address of a cloud';

/**
 * An absolute http or https address. Without credentials, which would stand in the config; and not of a cloud's metadata
 * service, which would hand out ours. A name that leads to one is refused when it is called.
 */
export const urlSchema = v.pipe(v.string(ADDRESS), v.check(isAddress, ADDRESS));

function isSecretName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(text);
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  if (isForbiddenAddress(hostname, "configured")) return false;
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

function within(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

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
  // An adapter tells its own.
  if ("secrets" in value && typeof value.secrets === "function") return [];
  return Object.values(value).flatMap(refsIn);
}

function isRef(value: object): value is SecretRef {
  if (!("secret" in value) || typeof value.secret !== "string") return false;
  return Object.keys(value).every((key) => key === "secret" || key === "form");
}

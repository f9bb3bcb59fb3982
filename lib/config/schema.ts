import * as z from "zod/mini";
import { parseDuration } from "./duration.ts";

const SHOWS = 'a duration such as "30s", "90m", "24h" or "7d"';

/** A duration text, parsed to milliseconds between `least` and `most` (both milliseconds, inclusive). */
export function durationSchema(least: number, most = Number.MAX_SAFE_INTEGER) {
  return z.pipe(
    z.string({ error: SHOWS }).check(
      z.refine((text) => parseDuration(text) !== undefined, { error: SHOWS, abort: true }),
      z.refine((text) => within(parseDuration(text), least, most), { error: `${SHOWS}, from ${least} to ${most} ms` }),
    ),
    z.transform((text) => parseDuration(text) ?? 0),
  );
}

/** A reference made by `secret("NAME")`. */
export const secretSchema = z.strictObject(
  {
    secret: z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/, { error: "upper-case letters, digits and underscores" })),
  },
  { error: 'a reference made by secret("NAME"); a secret is never written into the config' },
);

const ADDRESS = 'an address such as "https://example.com/hook", without a user name or password in it';

/** An absolute http or https address. Without credentials: `fetch` refuses them, and they would stand in the config. */
export const urlSchema = z.string({ error: ADDRESS }).check(z.refine(isAddress, { error: ADDRESS }));

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

function within(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

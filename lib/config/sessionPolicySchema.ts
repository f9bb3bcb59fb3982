import * as z from "zod/mini";
import type { SessionPolicy } from "./Config.ts";
import { durationSchema } from "./schema.ts";

/** A second is the TTL's grain; shorter sessions make no sense. */
const LEAST = 1_000;

/** Half a day, milliseconds: with more, "each day at 04:00" would say nothing. */
const MOST_WITHIN = 12 * 3_600_000;

const DAILY_SHOWS = '{ at: "04:00", timeZone: "Europe/Berlin" }';

const POLICY_SHOWS = `"none" or { idle: "24h", daily: ${DAILY_SHOWS}, maxAge: "7d" } with one of them at least`;
const TIME_SHOWS = 'a time of day such as "04:00"';
const ZONE_SHOWS = 'an IANA time zone such as "Asia/Bangkok"';

const dailySchema = z.pipe(
  z.strictObject(
    {
      at: z.string({ error: TIME_SHOWS }).check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: TIME_SHOWS })),
      timeZone: z.string({ error: ZONE_SHOWS }).check(z.refine(isTimeZone, { error: ZONE_SHOWS })),
      within: z.exactOptional(durationSchema(LEAST, MOST_WITHIN)),
    },
    { error: DAILY_SHOWS },
  ),
  z.transform(({ at, ...rest }) => ({ hour: Number(at.slice(0, 2)), minute: Number(at.slice(3)), ...rest })),
);

/** `{ idle, daily, maxAge }`, at least one of them, or `"none"`: such a session ends by a reset only. */
export const sessionPolicySchema = z.union(
  [
    z.pipe(
      z.literal("none"),
      z.transform((): SessionPolicy => ({})),
    ),
    z
      .strictObject(
        {
          idle: z.exactOptional(durationSchema(LEAST)),
          daily: z.exactOptional(dailySchema),
          maxAge: z.exactOptional(durationSchema(LEAST)),
        },
        { error: POLICY_SHOWS },
      )
      .check(z.refine((policy) => Object.keys(policy).length > 0, { error: POLICY_SHOWS })),
  ],
  { error: POLICY_SHOWS },
);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

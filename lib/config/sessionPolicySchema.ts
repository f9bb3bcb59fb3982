import * as v from "valibot";
import { isObject } from "../schema/isObject.ts";
import { strictFields } from "../schema/strictFields.ts";
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

const dailySchema = v.pipe(
  strictFields(
    {
      at: v.pipe(v.string(TIME_SHOWS), v.check(isTime, TIME_SHOWS)),
      timeZone: v.pipe(v.string(ZONE_SHOWS), v.check(isTimeZone, ZONE_SHOWS)),
      within: v.exactOptional(durationSchema(LEAST, MOST_WITHIN)),
    },
    DAILY_SHOWS,
  ),
  v.transform(({ at, ...rest }) => ({ hour: Number(at.slice(0, 2)), minute: Number(at.slice(3)), ...rest })),
);

const noneSchema = v.pipe(
  v.picklist(["none"], POLICY_SHOWS),
  v.transform((): SessionPolicy => ({})),
);

const limitsSchema = v.pipe(
  strictFields(
    {
      idle: v.exactOptional(durationSchema(LEAST)),
      daily: v.exactOptional(dailySchema),
      maxAge: v.exactOptional(durationSchema(LEAST)),
    },
    POLICY_SHOWS,
  ),
  v.check((policy) => Object.keys(policy).length > 0, POLICY_SHOWS),
);

/** `{ idle, daily, maxAge }`, at least one of them, or `"none"`: such a session ends by a reset only. */
export const sessionPolicySchema = v.lazy((given) => (isObject(given) ? limitsSchema : noneSchema));

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

/** A format knows every zone, by all its names, but the first one takes 10 ms, in each start of a function. */
function isTimeZone(name: string): boolean {
  if (name === "UTC" || Intl.supportedValuesOf("timeZone").includes(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

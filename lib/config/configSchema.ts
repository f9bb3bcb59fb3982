import * as v from "valibot";
import { type AdapterType, adapterOf } from "../adapter/Adapter.ts";
import { durationSchema } from "../adapter/options.ts";
import { namesIn, strictFields } from "../adapter/schema/strictFields.ts";
import { echo } from "../agents/echo/echo.ts";
import { isObject } from "../domain/json.ts";
import type { SessionPolicy } from "../domain/SessionPolicy.ts";

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
const sessionPolicySchema = v.lazy((given) => (isObject(given) ? limitsSchema : noneSchema));

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

const NAME_SHOWS = "a lower-case letter, then up to 31 letters, digits and hyphens";

/** A name that may stand in a path, a key and a queue group. */
const nameSchema = v.pipe(v.string(NAME_SHOWS), v.check(isName, NAME_SHOWS));

/**
 * An object of what `value` parses, by names that may stand in a path, a key and a queue group. Unlike `v.record` it
 * refuses a list, and takes names that every object has.
 *
 * @param shows what is allowed, in words
 */
export function byName<Value extends v.GenericSchema>(value: Value, shows: string) {
  const named = v.lazy(
    (given): v.GenericSchema<Record<string, v.InferInput<Value>>, Record<string, v.InferOutput<Value>>> =>
      v.object(Object.fromEntries(namesIn(given).map((name) => [name, isName(name) ? value : v.never(NAME_SHOWS)]))),
  );
  return v.pipe(v.custom<Record<string, v.InferInput<Value>>>(isObject, shows), named);
}

function isName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}

const DAY = 24 * 3_600_000;

/** 27 hours in all, so that a provider may be away for a day. */
const DEFAULT_RETRY = ["10s", "30s", "2m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "11h"];

function adaptersOf<Type extends AdapterType>(type: Type, what: string) {
  return byName(adapterOf(type, what), `an object of names, each with what ${what} makes`);
}

const sessionsSchema = strictFields(
  {
    default: v.optional(sessionPolicySchema, { idle: "24h" }),
    byPlatform: v.optional(byName(sessionPolicySchema, "an object of platforms' names, each with a policy"), {}),
    byChatType: v.optional(
      strictFields(
        {
          dm: v.exactOptional(sessionPolicySchema),
          group: v.exactOptional(sessionPolicySchema),
          thread: v.exactOptional(sessionPolicySchema),
        },
        "an object with dm, group or thread, each with a policy",
      ),
      {},
    ),
  },
  "an object with default, byPlatform or byChatType",
);

const IDS_SHOWS = 'a list of the platform\'s own ids as texts, such as ["4711"]';

const idsSchema = v.optional(v.array(v.pipe(v.string(IDS_SHOWS), v.minLength(1, IDS_SHOWS)), IDS_SHOWS), []);

const accessSchema = byName(
  strictFields(
    {
      users: idsSchema,
      chats: idsSchema,
      others: v.optional(v.picklist(["refuse", "pair", "answer"], '"refuse", "pair" or "answer"'), "refuse"),
    },
    "an object with users, chats or others",
  ),
  "an object of platforms' names, each with who may talk there",
);

const inGroupsSchema = strictFields(
  {
    answer: v.optional(v.picklist(["addressed", "always"], '"addressed" or "always"'), "addressed"),
    between: v.optional(v.picklist(["ignored", "context"], '"ignored" or "context"'), "ignored"),
  },
  "an object with answer or between",
);

const RETRY_SHOWS = 'a list of one to 50 waits such as ["10s", "2m", "1h"]';

const hooksSchema = strictFields(
  {
    /** Waits between attempts. Default: eleven of them, 27 hours in all. SQS can hide a message for 12 hours. */
    retry: v.optional(
      v.pipe(
        v.array(durationSchema(1_000, 11 * 3_600_000), RETRY_SHOWS),
        v.check((waits) => isFrom1To(50, waits.length), RETRY_SHOWS),
      ),
      DEFAULT_RETRY,
    ),
    /** The most that one provider call may take. Default: 30 s. The function itself has 60. */
    timeout: v.optional(durationSchema(100, 45_000), "30s"),
    /** What follows when a provider may have taken a session and can't tell a repeated one. Default: it is sent again. */
    unknown: v.optional(v.picklist(["retry", "park"], '"retry" or "park"'), "retry"),
  },
  "an object with retry, timeout or unknown",
);

const YES_OR_NO = "true or false";

const cleaningSchema = strictFields(
  { credentials: v.optional(v.boolean(YES_OR_NO), true), recited: v.optional(v.boolean(YES_OR_NO), true) },
  "an object with credentials or recited",
);

const LIMIT_SHOWS = "a whole number from 1 to 100";

const recallSchema = strictFields(
  {
    /** The most that a reply waits for memories. Default: 800 ms. */
    timeout: v.optional(durationSchema(10, 10_000), "800ms"),
    /** The most memories. Default: 10. */
    limit: v.optional(
      v.pipe(
        v.number(LIMIT_SHOWS),
        v.check((limit) => isFrom1To(100, limit), LIMIT_SHOWS),
      ),
      10,
    ),
  },
  "an object with timeout or limit",
);

/** The config as a team writes it, checked and with every default filled in. Each error's message is what is allowed. */
export const configSchema = strictFields(
  {
    /** Separates this gateway's users from another's in shared providers. */
    tenant: v.optional(nameSchema, "default"),
    /** Who answers. Default: `echo()`. */
    agent: v.optional(adapterOf("agent", "chat(…), echo() or another agent"), echo()),
    /** By the name in the webhook's path. */
    platforms: adaptersOf("platform", "http(…), telegram(…) or another platform"),
    /** Who may talk. Default: everybody, on each platform. */
    access: v.optional(accessSchema, {}),
    /** By the name in the ledger. Default: none. */
    memory: v.optional(adaptersOf("memory", "builtin(), webhook(…) or another memory provider"), {}),
    /** When sessions end. Default: after 24 hours idle. `"none"`: only by a reset. */
    sessions: v.optional(sessionsSchema, {}),
    /** Default: each member of a group has a lane. */
    groups: v.optional(v.picklist(["per-member", "shared"], '"per-member" or "shared"'), "per-member"),
    /** When members of a group are answered. Default: when they address the bot; what is said between is ignored. */
    inGroups: v.optional(inGroupsSchema, {}),
    hooks: v.optional(hooksSchema, {}),
    /** What is taken out of a transcript before a memory provider gets it. Default: credentials, and recited memories. */
    cleaning: v.optional(cleaningSchema, {}),
    recall: v.optional(recallSchema, {}),
    /** How long transcripts are kept. Default: 30 days. Redeliveries are recognised by them for 8 days. */
    retention: v.optional(durationSchema(8 * DAY), "30d"),
    notices: v.optional(strictFields({ reset: v.optional(v.boolean(YES_OR_NO), true) }, "an object with reset"), {}),
  },
  "an object with platforms, and any of tenant, agent, access, memory, sessions, groups, inGroups, hooks, cleaning, recall, retention and notices",
);

function isFrom1To(most: number, given: number): boolean {
  return Number.isInteger(given) && given >= 1 && given <= most;
}

import * as z from "zod/mini";
import type { Agent } from "../agents/Agent.ts";
import { echo } from "../agents/echo.ts";
import type { MemoryProvider } from "../memory/MemoryProvider.ts";
import type { Platform } from "../platforms/Platform.ts";
import type { Adapter } from "./Adapter.ts";
import { parseDuration } from "./duration.ts";
import { durationSchema } from "./schema.ts";
import { sessionPolicySchema } from "./sessionPolicySchema.ts";

const DAY = 24 * 3_600_000;

/** Names stand in paths, keys and queue groups. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_SHOWS = "a lower-case letter, then up to 31 letters, digits and hyphens";
const names = z.string({ error: NAME_SHOWS }).check(z.regex(NAME, { error: NAME_SHOWS }));

/** Milliseconds; 27 hours in all, so that a provider may be away for a day. */
const DEFAULT_RETRY = ["10s", "30s", "2m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "11h"].map(
  (wait) => parseDuration(wait) ?? 0,
);

function adapters<Instance>(what: string) {
  const adapter = z.custom<Adapter<Instance>>(isAdapter, { error: `what ${what} makes` });
  return z.record(names, adapter, { error: `an object of names, each with what ${what} makes` });
}

const sessionsSchema = z.strictObject(
  {
    default: z._default(sessionPolicySchema, { idle: DAY }),
    byPlatform: z._default(
      z.record(names, sessionPolicySchema, { error: "an object of platforms' names, each with a policy" }),
      {},
    ),
    byChatType: z._default(
      z.strictObject(
        {
          dm: z.exactOptional(sessionPolicySchema),
          group: z.exactOptional(sessionPolicySchema),
          thread: z.exactOptional(sessionPolicySchema),
        },
        { error: "an object with dm, group or thread, each with a policy" },
      ),
      {},
    ),
  },
  { error: "an object with default, byPlatform or byChatType" },
);

const RETRY_SHOWS = 'a list of one to 50 waits such as ["10s", "2m", "1h"]';

const hooksSchema = z.strictObject(
  {
    /** Waits between attempts. Default: eleven of them, 27 hours in all. SQS can hide a message for 12 hours. */
    retry: z._default(
      z
        .array(durationSchema(1_000, 11 * 3_600_000), { error: RETRY_SHOWS })
        .check(z.minLength(1, RETRY_SHOWS), z.maxLength(50, RETRY_SHOWS)),
      DEFAULT_RETRY,
    ),
    /** The most that one provider call may take. Default: 30 s. The function itself has 60. */
    timeout: z._default(durationSchema(100, 45_000), 30_000),
  },
  { error: "an object with retry or timeout" },
);

const LIMIT_SHOWS = "a whole number from 1 to 100";

const recallSchema = z.strictObject(
  {
    /** The most that a reply waits for memories. Default: 800 ms. */
    timeout: z._default(durationSchema(10, 10_000), 800),
    /** The most memories. Default: 10. */
    limit: z._default(z.int({ error: LIMIT_SHOWS }).check(z.gte(1, LIMIT_SHOWS), z.lte(100, LIMIT_SHOWS)), 10),
  },
  { error: "an object with timeout or limit" },
);

/** The config as a team writes it, checked and with every default filled in. Each error's message is what is allowed. */
export const configSchema = z.strictObject(
  {
    /** Separates this gateway's users from another's in shared providers. */
    tenant: z._default(names, "default"),
    /** Who answers. Default: `echo()`. */
    agent: z._default(
      z.custom<Adapter<Agent>>(isAdapter, { error: "what echo(), none() or another agent makes" }),
      echo(),
    ),
    /** By the name in the webhook's path. */
    platforms: adapters<Platform>("http(…), telegram(…) or another platform"),
    /** By the name in the ledger. Default: none. */
    memory: z._default(adapters<MemoryProvider>("builtin(), webhook(…) or another memory provider"), {}),
    /** When sessions end. Default: after 24 hours idle. `"none"`: only by a reset. */
    sessions: z._default(sessionsSchema, { default: { idle: DAY }, byPlatform: {}, byChatType: {} }),
    /** Default: each member of a group has a lane. */
    groups: z._default(z.enum(["per-member", "shared"], { error: '"per-member" or "shared"' }), "per-member"),
    hooks: z._default(hooksSchema, { retry: DEFAULT_RETRY, timeout: 30_000 }),
    recall: z._default(recallSchema, { timeout: 800, limit: 10 }),
    /** How long transcripts are kept. Default: 30 days. Redeliveries are recognised by them for 8 days. */
    retention: z._default(durationSchema(8 * DAY), 30 * DAY),
    notices: z._default(
      z.strictObject(
        { reset: z._default(z.boolean({ error: "true or false" }), true) },
        { error: "an object with reset" },
      ),
      { reset: true },
    ),
  },
  {
    error:
      "an object with platforms, and any of tenant, agent, memory, sessions, groups, hooks, recall, retention and notices",
  },
);

function isAdapter(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["problems", "secrets", "create"].every((name) => typeof Reflect.get(value, name) === "function");
}

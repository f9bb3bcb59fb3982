import * as z from "zod/mini";
import type { Agent } from "../agents/Agent.ts";
import { echo } from "../agents/echo.ts";
import type { MemoryProvider } from "../memory/MemoryProvider.ts";
import type { Platform } from "../platforms/Platform.ts";
import type { Adapter } from "./Adapter.ts";
import type { Config } from "./Config.ts";
import { ConfigError } from "./ConfigError.ts";
import { parseDuration } from "./duration.ts";
import { durationSchema } from "./schema.ts";
import { sessionPolicySchema } from "./sessionPolicySchema.ts";

const DAY = 24 * 3_600_000;

/** Names stand in paths, keys and queue groups. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const NAME_SHOWS = "a lower-case letter, then up to 31 letters, digits and hyphens";
const names = z.string().check(z.regex(NAME, { error: NAME_SHOWS }));

/** Milliseconds; 27 hours in all, so that a provider may be away for a day. */
const DEFAULT_RETRY = ["10s", "30s", "2m", "5m", "15m", "30m", "1h", "2h", "4h", "8h", "11h"].map(
  (wait) => parseDuration(wait) ?? 0,
);

function adapters<Instance>(what: string) {
  return z.record(names, z.custom<Adapter<Instance>>(isAdapter, { error: `what ${what} makes` }));
}

const configSchema = z.strictObject({
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
  sessions: z._default(
    z.strictObject({
      default: z._default(sessionPolicySchema, { idle: DAY }),
      byPlatform: z._default(z.record(names, sessionPolicySchema), {}),
      byChatType: z._default(
        z.strictObject({
          dm: z.exactOptional(sessionPolicySchema),
          group: z.exactOptional(sessionPolicySchema),
          thread: z.exactOptional(sessionPolicySchema),
        }),
        {},
      ),
    }),
    { default: { idle: DAY }, byPlatform: {}, byChatType: {} },
  ),
  /** Default: each member of a group has a lane. */
  groups: z._default(z.enum(["per-member", "shared"]), "per-member"),
  hooks: z._default(
    z.strictObject({
      /** Waits between attempts. Default: eleven of them, 27 hours in all. SQS can hide a message for 12 hours. */
      retry: z._default(
        z.array(durationSchema(1_000, 11 * 3_600_000)).check(z.minLength(1), z.maxLength(50)),
        DEFAULT_RETRY,
      ),
      /** The most that one provider call may take. Default: 30 s. The function itself has 60. */
      timeout: z._default(durationSchema(100, 45_000), 30_000),
    }),
    { retry: DEFAULT_RETRY, timeout: 30_000 },
  ),
  recall: z._default(
    z.strictObject({
      /** The most that a reply waits for memories. Default: 800 ms. */
      timeout: z._default(durationSchema(10, 10_000), 800),
      /** The most memories. Default: 10. */
      limit: z._default(z.int().check(z.gte(1), z.lte(100)), 10),
    }),
    { timeout: 800, limit: 10 },
  ),
  /** How long transcripts are kept. Default: 30 days. Redeliveries are recognised by them for 8 days. */
  retention: z._default(durationSchema(8 * DAY), 30 * DAY),
  notices: z._default(z.strictObject({ reset: z._default(z.boolean(), true) }), { reset: true }),
});

/** The config as a team writes it. Durations are texts such as `"30s"`; times of day `"04:00"`. */
export type ConfigInput = z.input<typeof configSchema>;

/**
 * Checks a config and fills in its defaults. Throws `ConfigError` with every problem: its path, what was given and what
 * is allowed. Unknown keys are errors.
 */
export function defineConfig(input: ConfigInput): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.flatMap((issue) => problemsOf(issue, input)));
  const { sessions, ...rest } = parsed.data;
  const found = [
    ...adapterProblems("agent", parsed.data.agent),
    ...Object.entries(parsed.data.platforms).flatMap(([name, one]) => adapterProblems(`platforms.${name}`, one)),
    ...Object.entries(parsed.data.memory).flatMap(([name, one]) => adapterProblems(`memory.${name}`, one)),
    ...Object.keys(sessions.byPlatform)
      .filter((name) => !(name in parsed.data.platforms))
      .map(
        (name) =>
          `sessions.byPlatform.${name}: no platform has that name; there is ${Object.keys(rest.platforms).join(", ")}`,
      ),
  ];
  if (found.length > 0) throw new ConfigError(found);
  return {
    ...rest,
    sessions: { policy: sessions.default, byPlatform: sessions.byPlatform, byChatType: sessions.byChatType },
  };
}

function isAdapter(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && "create" in value && "problems" in value;
}

function adapterProblems(at: string, adapter: Adapter<unknown>): readonly string[] {
  return adapter.problems().map(({ path, message }) => `${[at, ...path.map(String)].join(".")}: ${message}`);
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): readonly string[] {
  const given = valueAt(input, issue.path);
  // Of the alternatives an object can only be meant as the last, which is the one with fields.
  const meant = issue.code === "invalid_union" && typeof given === "object" ? issue.errors.at(-1) : undefined;
  if (meant) return meant.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, input));
  const at = issue.path.map(String).join(".") || "(the whole)";
  return issue.code === "unrecognized_keys"
    ? [`${at}: unknown ${issue.keys.map((key) => `"${key}"`).join(", ")}; remove or correct it`]
    : [`${at}: given ${show(given)}, allowed is ${issue.message}`];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value)?.slice(0, 80) ?? typeof value);
}

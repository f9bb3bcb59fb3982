import type * as z from "zod/mini";
import { clip } from "../runtime/clip.ts";
import type { Adapter } from "./Adapter.ts";
import type { Config } from "./Config.ts";
import { ConfigError } from "./ConfigError.ts";
import { configSchema } from "./configSchema.ts";

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
      .filter((name) => !Object.hasOwn(parsed.data.platforms, name))
      .map(
        (name) =>
          `sessions.byPlatform.${name}: no platform has that name; there is ${Object.keys(rest.platforms).join(", ") || "none"}`,
      ),
  ];
  if (found.length > 0) throw new ConfigError(found);
  return {
    ...rest,
    sessions: { policy: sessions.default, byPlatform: sessions.byPlatform, byChatType: sessions.byChatType },
  };
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
  if (issue.code === "invalid_key") {
    return [`${at}: given the name ${show(issue.path.at(-1))}, allowed is ${issue.issues[0]?.message}`];
  }
  return issue.code === "unrecognized_keys"
    ? [
        `${at}: unknown ${issue.keys.map((key) => `"${key}"`).join(", ")}; remove or correct it, allowed is ${issue.message}`,
      ]
    : [`${at}: given ${show(given)}, allowed is ${issue.message}`];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** A value in words; of an object its keys alone, as a secret may stand in it. */
function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function that is not called";
  if (typeof value === "string") return clip(JSON.stringify(value), 80);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length > 0 ? clip(`an object with ${keys.join(", ")}`, 80) : "an empty object";
}

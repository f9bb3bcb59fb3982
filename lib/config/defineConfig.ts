import * as v from "valibot";
import type { Adapter } from "../adapter/Adapter.ts";
import { ConfigError } from "../adapter/errors.ts";
import { isUnknownField, pathOf } from "../adapter/schema/parse.ts";
import type { Config } from "./Config.ts";
import { configSchema } from "./configSchema.ts";
import { markDefined, show } from "./definedConfig.ts";

/** The config as a team writes it. Durations are texts such as `"30s"`; times of day `"04:00"`. */
export type ConfigInput = v.InferInput<typeof configSchema>;

/**
 * Checks a config and fills in its defaults. Throws `ConfigError` with every problem: its path, what was given and what
 * is allowed. Unknown keys are errors. Nothing else makes a config that the gateway takes, and its result is final.
 */
export function defineConfig(input: ConfigInput): Config {
  const parsed = v.safeParse(configSchema, input);
  if (!parsed.success) throw new ConfigError(parsed.issues.map((issue) => problemOf(issue, input)));
  const { sessions, ...rest } = parsed.output;
  const found = [
    ...adapterProblems("agent", parsed.output.agent),
    ...Object.entries(parsed.output.platforms).flatMap(([name, one]) => adapterProblems(`platforms.${name}`, one)),
    ...Object.entries(parsed.output.memory).flatMap(([name, one]) => adapterProblems(`memory.${name}`, one)),
    ...Object.entries({ "sessions.byPlatform": sessions.byPlatform, access: rest.access }).flatMap(([at, named]) =>
      Object.keys(named)
        .filter((name) => !Object.hasOwn(rest.platforms, name))
        .map(
          (name) =>
            `${at}.${name}: no platform has that name; there is ${Object.keys(rest.platforms).join(", ") || "none"}`,
        ),
    ),
  ];
  if (found.length > 0) throw new ConfigError(found);
  return markDefined({
    ...rest,
    sessions: { policy: sessions.default, byPlatform: sessions.byPlatform, byChatType: sessions.byChatType },
  });
}

function adapterProblems(at: string, adapter: Adapter<unknown>): readonly string[] {
  return adapter.problems().map(({ path, message }) => `${[at, ...path.map(String)].join(".")}: ${message}`);
}

function problemOf(issue: v.BaseIssue<unknown>, input: unknown): string {
  const path = pathOf(issue);
  if (isUnknownField(issue)) {
    return `${dotted(path.slice(0, -1))}: unknown "${String(path.at(-1))}"; remove or correct it, allowed is ${issue.message}`;
  }
  return `${dotted(path)}: given ${show(valueAt(input, path))}, allowed is ${issue.message}`;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".") || "(the whole)";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

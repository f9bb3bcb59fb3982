import * as v from "valibot";
import type { AdapterServices } from "./AdapterServices.ts";
import type { Agent } from "./Agent.ts";
import { ConfigError } from "./errors.ts";
import type { MemoryProvider } from "./MemoryProvider.ts";
import { refsIn, type SecretRef } from "./options.ts";
import type { Platform } from "./Platform.ts";
import { isUnknownField, parse, pathOf } from "./schema/parse.ts";

/** What an adapter builds, by its type: what it is to the gateway. */
export interface AdapterInstances {
  readonly agent: Agent;
  readonly platform: Platform;
  readonly memory: MemoryProvider;
}

/** Where in the config an adapter belongs. */
export type AdapterType = keyof AdapterInstances;

/** The types in words. */
const TYPES: Readonly<Record<AdapterType, string>> = {
  agent: "agent",
  platform: "platform",
  memory: "memory provider",
};

/**
 * A platform, agent or memory provider as the config names it: its options are checked when the config is read and it
 * is built when a function first needs it. The config names adapters by importing them, so a bundle holds only those.
 */
export interface Adapter<Instance> {
  /** What it is to the gateway. */
  readonly type: AdapterType;
  /** The adapter's own name, such as `telegram`. */
  readonly kind: string;
  /** False: a memory provider that never recalls, so that the message function needs none of its secrets. */
  readonly recalls?: boolean;
  /** True: a platform on which anybody who finds it can write. */
  readonly isPublic?: boolean;
  /** What is wrong with the options: one entry a problem, `path` within the options. Empty when all is well. */
  problems(): readonly AdapterProblem[];
  /** Every secret that the options refer to, with the form that the schema states of it. */
  secrets(): readonly SecretRef[];
  /** Builds it. Only called when `problems()` is empty. Does no I/O. */
  create(services: AdapterServices): Instance;
}

export interface AdapterProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a schema says that has no words of its own. Valibot would repeat what was given, which may be a secret. */
const WITHOUT_VALUES = {
  message: ({ expected }: v.BaseIssue<unknown>) => (expected === null ? "not allowed" : `must be ${expected}`),
};

/**
 * Makes an adapter's config function, such as `telegram({ … })`.
 *
 * @param type what it is to the gateway: `agent`, `platform` or `memory`
 * @param kind the adapter's own name
 * @param schema checks the options; strict objects, so that an unknown key is an error
 * @param create builds the instance from the parsed options
 * @param more `recalls` false: a memory provider that has no `recall`, so that the message function may not read its
 *   secrets; `isPublic`: a platform on which anybody who finds it can write
 * @throws ConfigError when the type is none
 */
export function defineAdapter<Type extends AdapterType, Schema extends v.GenericSchema>(
  type: Type,
  kind: string,
  schema: Schema,
  create: (options: v.InferOutput<Schema>, services: AdapterServices) => AdapterInstances[Type],
  { recalls = true, isPublic = false }: { readonly recalls?: boolean; readonly isPublic?: boolean } = {},
): (...given: Options<v.InferInput<Schema>>) => Adapter<AdapterInstances[Type]> {
  if (!isType(type)) {
    throw new ConfigError([
      `defineAdapter: given the type "${String(type)}", allowed is "agent", "platform" or "memory"`,
    ]);
  }
  return (...given) => {
    const options = given[0] ?? {};
    const parsed = v.safeParse(schema, options, WITHOUT_VALUES);
    return {
      type,
      kind,
      recalls,
      ...(isPublic ? { isPublic } : {}),
      problems: () => (parsed.success ? [] : parsed.issues.map(problemOf)),
      // A schema may make of its options what it likes: whatever they refer to is listed, also without a form.
      secrets: () => {
        const stated = parsed.success ? refsIn(parsed.output) : [];
        return [...stated, ...refsIn(options).filter((ref) => !stated.some(({ secret }) => secret === ref.secret))];
      },
      create: (services) => create(parse(schema, options), services),
    };
  };
}

/** An adapter in words, such as `the memory provider "builtin"`; undefined for anything else. */
export function adapterInWords(value: unknown): string | undefined {
  return isAdapter(value) ? `the ${TYPES[value.type]} ${JSON.stringify(value.kind)}` : undefined;
}

/** Whether a value is what `defineAdapter`'s functions make, of that type when one is given. */
export function isAdapter(value: unknown, type?: AdapterType): value is Adapter<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const has = (name: string, kind: string) => typeof Reflect.get(value, name) === kind;
  const given: unknown = Reflect.get(value, "type");
  return (
    (type === undefined ? isType(given) : given === type) &&
    has("kind", "string") &&
    ["problems", "secrets", "create"].every((name) => has(name, "function"))
  );
}

function isType(value: unknown): value is AdapterType {
  return typeof value === "string" && Object.hasOwn(TYPES, value);
}

function problemOf(issue: v.BaseIssue<unknown>): AdapterProblem {
  const message = isUnknownField(issue) ? "not a known option; leave it out" : issue.message;
  return { path: pathOf(issue), message };
}

/** The options, which may be left out when none of them is required. Where there are none, nothing fits but `{}`. */
type Options<Input> = keyof Input extends never
  ? [options?: Record<string, never>]
  : Record<never, never> extends Input
    ? [options?: Input]
    : [options: Input];

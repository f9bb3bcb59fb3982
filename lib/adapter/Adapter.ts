import * as v from "valibot";
import { isObject } from "../domain/json.ts";
import type { AdapterServices } from "./AdapterServices.ts";
import type { Agent } from "./Agent.ts";
import type { Embeddings } from "./Embeddings.ts";
import { ConfigError } from "./errors.ts";
import type { Grant, MemoryUse } from "./Grant.ts";
import type { Limits } from "./Limits.ts";
import type { MemoryProvider } from "./MemoryProvider.ts";
import type { Model } from "./Model.ts";
import { refsIn, type SecretRef } from "./options.ts";
import type { Platform } from "./Platform.ts";
import { isUnknownField, parse, pathOf } from "./schema/parse.ts";
import type { Toolbox } from "./Toolbox.ts";

/** What an adapter builds, by its type: what it is to the gateway. */
export interface AdapterInstances {
  readonly agent: Agent;
  readonly platform: Platform;
  readonly memory: MemoryProvider;
  readonly model: Model;
  readonly embeddings: Embeddings;
  readonly tools: Toolbox;
}

/** Where in the config an adapter belongs. */
export type AdapterType = keyof AdapterInstances;

const TYPES: readonly AdapterType[] = ["agent", "platform", "memory", "model", "embeddings", "tools"];

/**
 * A platform, agent, memory provider or model as the config names it: its options are checked when the config is read and
 * it is built when a function first needs it. The config names adapters by importing them, so a bundle holds only those.
 * Where one is an option of another, as a model is of an agent, its problems, secrets and grants are the other's, too.
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
  /** As they were given, with references in place of secrets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What is wrong with the options: one entry a problem, `path` within the options. Empty when all is well. */
  problems(): readonly AdapterProblem[];
  /**
   * Every secret that the options refer to, with the form that the schema states of it.
   *
   * @param use without those that this use of a memory provider does not need
   */
  secrets(use?: MemoryUse): readonly SecretRef[];
  /** What it may do in AWS, beside the gateway's own table: the stack grants it to the functions that build it. */
  grants(): readonly Grant[];
  /** What its service takes, where it is a memory provider. */
  limits(): Limits;
  /** Why it works on one's own machine alone, as the end of a sentence; undefined when it can be deployed, too. */
  hereOnly(): string | undefined;
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
 * @param type what it is to the gateway: `agent`, `platform`, `memory`, `model`, `embeddings` or `tools`
 * @param kind the adapter's own name
 * @param schema checks the options; strict objects, so that an unknown key is an error
 * @param create builds the instance from the parsed options; undefined in a bundle that never builds it
 * @param more.recalls false: a memory provider that has no `recall`, so that the message function may not read its secrets
 * @param more.grants what it may do in AWS, by its options
 * @param more.partsOnly by the name of an option of a memory provider that is an adapter: the only use that builds it
 * @param more.isPublic a platform on which anybody who finds it can write
 * @param more.limits what a memory provider's service takes, by its options
 * @param more.hereOnly why it works on one's own machine alone, by its options; undefined when it can be deployed, too
 * @throws ConfigError when the type is none
 */
export function defineAdapter<Type extends AdapterType, Schema extends v.GenericSchema>(
  type: Type,
  kind: string,
  schema: Schema,
  create: ((options: v.InferOutput<Schema>, services: AdapterServices) => AdapterInstances[Type]) | undefined,
  more: {
    readonly recalls?: boolean;
    readonly grants?: (options: v.InferOutput<Schema>) => readonly Grant[];
    readonly partsOnly?: Readonly<Record<string, MemoryUse>>;
    readonly isPublic?: boolean;
    readonly limits?: (options: v.InferOutput<Schema>) => Limits;
    readonly hereOnly?: (options: v.InferOutput<Schema>) => string | undefined;
  } = {},
): (...given: Options<v.InferInput<Schema>>) => Adapter<AdapterInstances[Type]> {
  if (!isType(type)) {
    throw new ConfigError([`defineAdapter: given the type "${String(type)}", allowed is one of ${TYPES.join(", ")}`]);
  }
  return (...given) => {
    const options = given[0] ?? {};
    const parsed = v.safeParse(schema, options, WITHOUT_VALUES);
    const parts = partsIn(options, more.partsOnly);
    const ofParsed = <Read>(read: ((parsed: v.InferOutput<Schema>) => Read) | undefined) =>
      parsed.success ? read?.(parsed.output) : undefined;
    return {
      type,
      kind,
      recalls: more.recalls ?? true,
      ...(more.isPublic ? { isPublic: true } : {}),
      options: { ...options },
      problems: () => [
        ...(parsed.success ? [] : parsed.issues.map(problemOf)),
        ...parts.flatMap(({ name, part }) =>
          part.problems().map(({ path, message }) => ({ path: [...name, ...path], message })),
        ),
      ],
      // A schema may make of its options what it likes: whatever they refer to is listed, also without a form.
      secrets: (use) => {
        const stated = ofParsed(refsIn) ?? [];
        const given = refsIn(options).filter((ref) => !stated.some(({ secret }) => secret === ref.secret));
        const used = parts.filter(({ only }) => use === undefined || only === undefined || only === use);
        return [...stated, ...given, ...used.flatMap(({ part }) => part.secrets(use))];
      },
      grants: () => [
        ...(ofParsed(more.grants) ?? []),
        ...parts.flatMap(({ part, only }) => part.grants().map((grant) => (only ? { ...grant, only } : grant))),
      ],
      limits: () => ofParsed(more.limits) ?? {},
      hereOnly: () =>
        ofParsed(more.hereOnly) ?? parts.map(({ part }) => part.hereOnly()).find((why) => why !== undefined),
      create: (services) => {
        if (!create) throw new Error(`${kind} is not in this function's bundle`);
        return create(parse(schema, options), services);
      },
    };
  };
}

/** An adapter among the options of another. */
interface Part {
  /** Where in the options it stands. */
  readonly name: readonly string[];
  readonly part: Adapter<unknown>;
  readonly only: MemoryUse | undefined;
}

/** The adapters among some options, also those that stand there by names of their own. */
function partsIn(options: object, partsOnly?: Readonly<Record<string, MemoryUse>>): readonly Part[] {
  return Object.entries(options).flatMap(([name, part]: [string, unknown]) => {
    const only = partsOnly?.[name];
    if (isAdapter(part)) return [{ name: [name], part, only }];
    if (!isObject(part)) return [];
    return Object.entries(part).flatMap(([inner, one]: [string, unknown]) =>
      isAdapter(one) ? [{ name: [name, inner], part: one, only }] : [],
    );
  });
}

/** An adapter in words, such as `the memory provider "builtin"`; undefined for anything else. */
export function adapterInWords(value: unknown): string | undefined {
  if (!isAdapter(value)) return undefined;
  return `the ${value.type}${value.type === "memory" ? " provider" : ""} ${JSON.stringify(value.kind)}`;
}

/** Whether a value is what `defineAdapter`'s functions make, of that type when one is given. */
function isAdapter(value: unknown, type?: AdapterType): value is Adapter<unknown> {
  if (typeof value !== "object" || value === null) return false;
  const has = (name: string, kind: string) => typeof Reflect.get(value, name) === kind;
  const given: unknown = Reflect.get(value, "type");
  return (
    (type === undefined ? isType(given) : given === type) &&
    has("kind", "string") &&
    ["problems", "secrets", "grants", "create"].every((name) => has(name, "function"))
  );
}

/**
 * An adapter of a type, as an option of another adapter or of the config.
 *
 * @param what what makes one, such as `openai(…)`
 */
export function adapterOf<Type extends AdapterType>(type: Type, what: string) {
  return v.custom<Adapter<AdapterInstances[Type]>>((given) => isAdapter(given, type), `what ${what} makes`);
}

function isType(value: unknown): value is AdapterType {
  return TYPES.some((type) => type === value);
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

import * as v from "valibot";
import type { AdapterServices } from "../runtime/AdapterServices.ts";
import { isUnknownField } from "../schema/isUnknownField.ts";
import { parse } from "../schema/parse.ts";
import { pathOf } from "../schema/pathOf.ts";
import type { SecretRef } from "./secret.ts";

/**
 * A platform, agent or memory provider as the config names it: its options are checked when the config is read and it
 * is built when a function first needs it. The config names adapters by importing them, so a bundle holds only those.
 */
export interface Adapter<Instance> {
  /** The adapter's own name, such as `telegram`. */
  readonly kind: string;
  /** False: a memory provider that never recalls, so that the message function needs none of its secrets. */
  readonly recalls?: boolean;
  /** What is wrong with the options: one entry a problem, `path` within the options. Empty when all is well. */
  problems(): readonly AdapterProblem[];
  /** Every secret that the options refer to. */
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
 * @param kind the adapter's own name
 * @param schema checks the options; strict objects, so that an unknown key is an error
 * @param create builds the instance from the parsed options
 * @param recalls false: a memory provider that has no `recall`, so that the message function may not read its secrets
 */
export function defineAdapter<Schema extends v.GenericSchema, Instance>(
  kind: string,
  schema: Schema,
  create: (options: v.InferOutput<Schema>, services: AdapterServices) => Instance,
  { recalls = true }: { readonly recalls?: boolean } = {},
): (...given: Options<v.InferInput<Schema>>) => Adapter<Instance> {
  return (...given) => {
    const options = given[0] ?? {};
    const parsed = v.safeParse(schema, options, WITHOUT_VALUES);
    return {
      kind,
      recalls,
      problems: () => (parsed.success ? [] : parsed.issues.map(problemOf)),
      secrets: () => secretsIn(options),
      create: (services) => create(parse(schema, options), services),
    };
  };
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

function secretsIn(value: unknown): readonly SecretRef[] {
  if (typeof value !== "object" || value === null) return [];
  if ("secret" in value && typeof value.secret === "string" && Object.keys(value).length === 1) {
    return [{ secret: value.secret }];
  }
  return Object.values(value).flatMap(secretsIn);
}

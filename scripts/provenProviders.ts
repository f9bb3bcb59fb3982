/** What a contract test tells the conformance suite of a memory provider, which holds it to that. */
export interface Proven {
  /** The adapter's own name. */
  readonly kind: string;
  /** What of it, where it is proven several times, such as `the platform`. */
  readonly variant?: string;
  readonly idempotency: string;
  readonly recall: boolean;
  readonly forget: boolean;
  readonly confirm: boolean;
}

/** A call of the suite: the provider's name, and what it is told last. */
const CALL =
  /memoryProviderConformance\(\s*\{ describe, it \},\s*"([^"]+)",[\s\S]*?\{\s*(server: [^}]+?),?\s*\},?\s*\);/g;

/** All that a contract test's source proves of providers, in its order. */
export function provenProviders(source: string): readonly Proven[] {
  return [...source.matchAll(CALL)].map(([, name = "", told = ""]) => {
    const [kind = "", variant] = name.split(/, (.+)/);
    const facts = new Map(told.split(",").map((fact) => fact.trim().split(": ") as [string, string]));
    const is = (fact: string) => facts.get(fact) === "true";
    return {
      kind,
      ...(variant === undefined ? {} : { variant }),
      idempotency: JSON.parse(facts.get("idempotency") ?? '"?"'),
      ...{ recall: is("recall"), forget: is("forget"), confirm: is("confirm") },
    };
  });
}

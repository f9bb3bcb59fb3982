/** What an expression is parsed with, as far as it is read or changed here. */
export interface ParseContext {
  attrNames?: Record<string, string> | null;
  attrVals?: Record<string, object> | null;
  /** The parser takes out of these what the expression uses. */
  unusedAttrNames?: Record<string, true>;
  unusedAttrVals?: Record<string, true>;
}

/** One of dynalite's parsers of expressions. */
export interface ExpressionParser {
  parse(text: string, options: { context: ParseContext }): unknown;
}

/** A parsed expression: the tree with a `Slot` in each value's place, and which names and values it uses. */
interface Remembered {
  readonly tree: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Where a value of the request belongs. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Expressions that are kept; a program has some dozens. From here on it begins anew. */
const MOST = 1_000;

/** Of these the parser looks at the values themselves and not at their types alone. */
const LOOKS_AT_VALUES = /between|attribute_type/i;

/**
 * A parser that parses each expression once, and puts the values of later requests into what came of it: a program's
 * expressions are few, and parsing them is half of what the store does. What fails is parsed each time.
 */
export function rememberParses({ parse }: ExpressionParser): ExpressionParser["parse"] {
  const known = new Map<string, Remembered>();
  return (text, options) => {
    const { context } = options;
    const { attrNames, attrVals } = context;
    if (LOOKS_AT_VALUES.test(text)) return parse(text, options);
    // An attribute's value is an object with its type as the one member.
    const types = Object.entries(attrVals ?? {}).map(([name, value]) => [name, ...Object.keys(value)]);
    const key = JSON.stringify([text, attrNames, types]);
    let found = known.get(key);
    if (!found) {
      const all = { unusedAttrNames: marked(attrNames), unusedAttrVals: marked(attrVals) };
      const tree = parse(text, { context: { ...context, ...all } });
      // A text says what is wrong.
      if (typeof tree !== "object") return tree;
      found = {
        tree: withSlots(tree, new Map(Object.entries(attrVals ?? {}).map(([name, value]) => [value, name]))),
        names: Object.keys(attrNames ?? {}).filter((name) => !(name in all.unusedAttrNames)),
        values: Object.keys(attrVals ?? {}).filter((name) => !(name in all.unusedAttrVals)),
      };
      if (known.size >= MOST) known.clear();
      known.set(key, found);
    }
    for (const name of found.names) delete context.unusedAttrNames?.[name];
    for (const name of found.values) delete context.unusedAttrVals?.[name];
    return filled(found.tree, attrVals ?? {});
  };
}

function marked(given: object | null | undefined): Record<string, true> {
  return Object.fromEntries(Object.keys(given ?? {}).map((name) => [name, true]));
}

function withSlots(tree: unknown, names: ReadonlyMap<unknown, string>): unknown {
  const name = names.get(tree);
  return name === undefined ? copied(tree, (part) => withSlots(part, names)) : new Slot(name);
}

/** A tree of the caller's own: what reads it reorders it. */
function filled(tree: unknown, values: Readonly<Record<string, object>>): unknown {
  return tree instanceof Slot ? values[tree.name] : copied(tree, (part) => filled(part, values));
}

function copied(tree: unknown, copy: (part: unknown) => unknown): unknown {
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map(copy);
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, part] of Object.entries(tree)) object[name] = copy(part);
  return object;
}

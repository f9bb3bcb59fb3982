import fc from "fast-check";
import { hostileText } from "./hostileText.ts";

/** JSON of any value, as text: numbers that no double holds, keys of prototypes, deep nesting. */
const anyJson: fc.Arbitrary<string> = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    ...["1e400", "-1e400", "9007199254740993", "-9007199254740993", "1e15", "8640000000001", "253402300800000", "-1"],
    ...["0", "-0", "0.5", "1e-400", "123456789012345678901234567890", "null", "true", "[]", "{}"],
    ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', '{"length":1e9}'],
    ...["[".repeat(50_000) + "]".repeat(50_000), `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
  ),
);

/** Texts that are not JSON, or only nearly. */
const noJson: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  fc.constantFrom("", "{", "[", "nul", "\uFEFF{}", "{}{}", "[".repeat(250_000), "{'a':1}", '{"a":01}', '"\\ud800"'),
);

/**
 * Bodies that lie near a genuine one: fields replaced, left out, given twice or added.
 *
 * @param genuine dotted paths to JSON texts, one level or two
 */
export function hostileJson(genuine: Readonly<Record<string, string>>): fc.Arbitrary<string> {
  const paths = Object.keys(genuine);
  const change = fc.tuple(fc.constantFrom(...paths), fc.option(anyJson, { nil: undefined }), fc.boolean());
  const extra = fc.tuple(fc.oneof(hostileText, fc.constantFrom(...paths)), anyJson);
  const near = fc
    .tuple(fc.array(change, { maxLength: 3 }), fc.array(extra, { maxLength: 2 }), fc.boolean())
    .map(([changes, extras, strict]) => {
      const fields = paths.map((path) => [path, genuine[path]] as [string, string | undefined]);
      for (const [path, value, twice] of changes) {
        const at = fields.findIndex(([name]) => name === path);
        if (twice) fields.push([path, value]);
        else if (at >= 0) fields[at] = [path, value];
      }
      return render([...fields, ...(strict ? [] : extras)]);
    });
  return fc.oneof({ weight: 6, arbitrary: near }, anyJson, noJson);
}

/** An object of fields, duplicates included, which `JSON.stringify` could not write. */
function render(fields: readonly (readonly [string, string | undefined])[]): string {
  const own = fields.filter(([path, value]) => !path.includes(".") && value !== undefined);
  const parents = [...new Set(fields.filter(([path]) => /^\w+\.\w+/.test(path)).map(([path]) => path.split(".")[0]))];
  const nested = parents.map((parent = "") => {
    const inside = fields.flatMap(([path, value]): [string, string | undefined][] =>
      path.startsWith(`${parent}.`) ? [[path.slice(parent.length + 1), value]] : [],
    );
    return `${JSON.stringify(parent)}:${render(inside)}`;
  });
  return `{${[...own.map(([path, value]) => `${JSON.stringify(path)}:${value}`), ...nested].join(",")}}`;
}

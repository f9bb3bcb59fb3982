import { LocalError } from "../LocalError.ts";

/**
 * The text that a reference stands for.
 *
 * @param name a resource's logical id, or a pseudo parameter such as `AWS::Region`
 * @param attribute of `Fn::GetAtt`; undefined for `Ref`
 * @returns undefined when there is none
 */
export type Lookup = (name: string, attribute?: string) => string | undefined;

/**
 * A template's value with every intrinsic function replaced: `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`, which are all
 * that the CDK app makes. `Ref: AWS::NoValue` leaves the property out.
 *
 * @throws LocalError for a reference that `lookup` does not know, or another intrinsic function
 */
export function resolveValue(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, lookup)).filter((item) => item !== undefined);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [[name, operand] = [], ...more] = entries;
  if (name !== undefined && more.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) {
    return intrinsic(name, operand, lookup);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveValue(item, lookup)]).filter(([, item]) => item !== undefined),
  );
}

function intrinsic(name: string, operand: unknown, lookup: Lookup): unknown {
  if (name === "Ref") return operand === "AWS::NoValue" ? undefined : found(String(operand), undefined, lookup);
  if (name === "Fn::GetAtt") {
    const [resource = "", ...attribute] = Array.isArray(operand) ? operand.map(String) : String(operand).split(".");
    return found(resource, attribute.join("."), lookup);
  }
  if (name === "Fn::Join" && Array.isArray(operand)) {
    const [separator, parts] = operand;
    const resolved = resolveValue(parts, lookup);
    if (Array.isArray(resolved)) return resolved.map(String).join(String(separator));
  }
  if (name === "Fn::Sub") return substitute(operand, lookup);
  throw new LocalError(`the local runner does not know ${JSON.stringify({ [name]: operand })}`);
}

/** `Fn::Sub` of a text, or of a text and values of its own. */
function substitute(operand: unknown, lookup: Lookup): string {
  const [text, values = {}]: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const own = resolveValue(values, lookup);
  const named = new Map(typeof own === "object" && own !== null ? Object.entries(own) : []);
  return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    // `${!name}` stands for the text `${name}`.
    if (literal) return `\${${name}}`;
    if (named.has(name)) return String(named.get(name));
    const [resource = "", ...attribute] = name.split(".");
    return found(resource, attribute.length > 0 ? attribute.join(".") : undefined, lookup);
  });
}

function found(name: string, attribute: string | undefined, lookup: Lookup): string {
  const value = attribute === undefined ? lookup(name) : lookup(name, attribute);
  if (value !== undefined) return value;
  throw new LocalError(`the local runner does not know the template's ${attribute ? `${name}.${attribute}` : name}`);
}

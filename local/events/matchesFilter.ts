import { FilterError } from "./FilterError.ts";

/** A parsed JSON object. */
type Json = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches one pattern of an event source mapping's `FilterCriteria`, by the rules of
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html: every field of the pattern must match;
 * a list matches when one of its entries does. Entries are a plain value (exact) or one operator: `prefix`, `suffix`,
 * `exists`, `anything-but`, `equals-ignore-case`, `numeric`.
 *
 * @param pattern the pattern, parsed from the mapping's JSON text
 * @param event the record as the function would get it
 * @throws FilterError for a pattern that AWS would refuse or an operator that is not supported here
 */
export function matchesFilter(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) throw new FilterError(`a filter pattern must be an object, but is ${show(pattern)}`);
  const fields: Json = isObject(event) ? event : {};
  return Object.entries(pattern).every(([name, rule]) => {
    if (name === "$or") return anyOf(rule, event);
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return Array.isArray(rule) ? rule.some((entry) => matchesEntry(entry, value)) : matchesFilter(rule, value);
  });
}

function anyOf(rule: unknown, event: unknown): boolean {
  if (!Array.isArray(rule)) throw new FilterError(`"$or" takes a list of patterns, but is ${show(rule)}`);
  return rule.some((pattern) => matchesFilter(pattern, event));
}

function matchesEntry(entry: unknown, value: unknown): boolean {
  if (isObject(entry)) return matchesOperator(entry, value);
  // A list in the event matches when one of its elements does.
  return Array.isArray(value) ? value.includes(entry) : value === entry;
}

function matchesOperator(entry: Json, value: unknown): boolean {
  const [[operator, operand] = [], ...more] = Object.entries(entry);
  if (operator === undefined || more.length > 0) throw new FilterError(`one operator expected, but got ${show(entry)}`);
  // AWS looks at leaves only: an object is neither there nor not there, so `exists` on it never matches.
  if (operator === "exists") return operand === true ? isLeaf(value) : value === undefined;
  if (value === undefined) return false;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.some((one) => apply(operator, operand, one));
}

function apply(operator: string, operand: unknown, value: unknown): boolean {
  switch (operator) {
    case "prefix":
      return typeof value === "string" && value.startsWith(String(operand));
    case "suffix":
      return typeof value === "string" && value.endsWith(String(operand));
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === String(operand).toLowerCase();
    case "numeric":
      return isNumeric(operand, value);
    case "anything-but":
      if (isObject(value)) return false;
      if (isObject(operand)) return !matchesOperator(operand, value);
      return Array.isArray(operand) ? !operand.includes(value) : operand !== value;
    default:
      throw new FilterError(
        `the filter operator "${operator}" is not supported locally; supported are prefix, suffix, exists, ` +
          "anything-but, equals-ignore-case and numeric (add it to local/events/matchesFilter.ts)",
      );
  }
}

/** `operand` is a list of comparisons such as `[">", 0, "<=", 5]`; all must hold. */
function isNumeric(operand: unknown, value: unknown): boolean {
  if (!Array.isArray(operand)) throw new FilterError(`"numeric" takes a list, but is ${show(operand)}`);
  if (typeof value !== "number") return false;
  for (let index = 0; index < operand.length; index += 2) {
    if (!compare(operand[index], value, Number(operand[index + 1]))) return false;
  }
  return true;
}

function compare(sign: unknown, value: number, limit: number): boolean {
  switch (sign) {
    case "=":
      return value === limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    default:
      throw new FilterError(`"numeric" knows = < <= > >=, but not ${show(sign)}`);
  }
}

function isLeaf(value: unknown): boolean {
  return value !== undefined && !isObject(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "undefined";
}

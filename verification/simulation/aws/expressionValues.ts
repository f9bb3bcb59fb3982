import { byBytes } from "./byBytes.ts";
import { invalid } from "./invalid.ts";
import { isSame } from "./plainValue.ts";

/** The part of a map; undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of a text in bytes, of a list or map its parts; other values have none. */
export function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return isRecord(value) ? Object.keys(value).length : undefined;
}

/** The sum of an update. */
export function add(left: unknown, right: unknown): number {
  if (typeof left !== "number" || typeof right !== "number") throw invalid("an operand of the sum is no number");
  return left + right;
}

/** What `list_append` makes. */
export function append(left: unknown, right: unknown): readonly unknown[] {
  if (!Array.isArray(left) || !Array.isArray(right)) throw invalid("an operand of list_append is no list");
  return [...left, ...right];
}

/** Whether two values stand so to each other. */
export function compare(sign: string, left: unknown, right: unknown): boolean {
  if (sign === "=") return left !== undefined && isSame(left, right);
  if (sign === "<>") return !isSame(left, right);
  const order = orderOf(left, right);
  if (order === undefined) return false;
  return sign === "<" ? order < 0 : sign === "<=" ? order <= 0 : sign === ">" ? order > 0 : order >= 0;
}

/** Values of different types, and missing ones, have no order. */
function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return typeof left === "string" && typeof right === "string" ? byBytes(left, right) : undefined;
}

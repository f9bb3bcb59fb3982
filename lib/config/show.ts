import { clip } from "../runtime/clip.ts";
import { adapterInWords } from "./Adapter.ts";

/** A value in words; of an object its keys alone, as a secret may stand in it. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function that is not called";
  if (typeof value === "string") return clip(JSON.stringify(value), 80);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  const adapter = adapterInWords(value);
  if (adapter !== undefined) return clip(adapter, 80);
  const keys = Object.keys(value);
  return keys.length > 0 ? clip(`an object with ${keys.join(", ")}`, 80) : "an empty object";
}

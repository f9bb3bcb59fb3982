import { plain } from "./plain.ts";

/** A text that may come from anybody, safe to print within a line. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}

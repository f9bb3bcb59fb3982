import { termsText, tokenize } from "./tokenize.ts";

/** A filter's text as it may be kept: that a user was meant, and not which, as the log outlives what may be said of a person. */
export function withoutUsers(filter: string): string {
  return termsText(tokenize(filter).map(({ field, value }) => ({ field, value: field === "user" ? "…" : value })));
}

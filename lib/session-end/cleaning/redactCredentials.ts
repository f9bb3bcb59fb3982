import { CREDENTIALS } from "./credentials.ts";

/** A text, and how many credentials were taken out of it. */
export interface Redacted {
  readonly text: string;
  readonly count: number;
}

/**
 * A text without the credentials in it; each leaves a word that says what stood there. Redacting what is redacted changes
 * nothing. Pure.
 */
export function redactCredentials(text: string): Redacted {
  let count = 0;
  let rest = text;
  for (const [what, pattern] of Object.entries(CREDENTIALS)) {
    rest = rest.replace(pattern, (found) => {
      if (found.startsWith("[redacted")) return found;
      count++;
      return `[redacted ${what}]`;
    });
  }
  return { text: rest, count };
}

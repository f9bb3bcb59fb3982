import { truncate } from "../../adapter/text/truncate.ts";
import { FilterError } from "./FilterError.ts";

/** One `field:value` of a filter. */
export interface Term {
  readonly field: string;
  readonly value: string;
}

/** More than a person types. */
const MAX_FILTER_LENGTH = 2_000;

const TERM = /\s*(?:([A-Za-z]+):(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$))/y;

/**
 * The terms of a filter such as `status:dead conversation:"a chat"`. A value with blanks stands in double quotes; in it a
 * backslash keeps the character behind it.
 *
 * @throws FilterError
 */
export function tokenize(text: string): readonly Term[] {
  if (text.length > MAX_FILTER_LENGTH)
    throw new FilterError(`a filter of ${text.length} characters: ${MAX_FILTER_LENGTH} are allowed`);
  const terms: Term[] = [];
  let end = 0;
  while (text.slice(end).trim() !== "") {
    TERM.lastIndex = end;
    const match = TERM.exec(text);
    if (!match) {
      throw new FilterError(
        `"${truncate(text.slice(end).trim(), 60)}" is no term of a filter: write field:value, with quotes around blanks, such as status:dead or user:"a b"`,
      );
    }
    const [, field = "", quoted, plain = ""] = match;
    terms.push({ field: field.toLowerCase(), value: quoted?.replace(/\\(.)/gs, "$1") ?? plain });
    end = TERM.lastIndex;
  }
  return terms;
}

/** The text of terms, as `tokenize` reads it. */
export function termsText(terms: readonly Term[]): string {
  return terms
    .map(({ field, value }) => `${field}:${/^[^\s"\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`)
    .join(" ");
}

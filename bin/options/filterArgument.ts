import { Argument } from "commander";

/** The filter of a list or a bulk action, in as many words as it has. */
export function filterArgument(example: string): Argument {
  return new Argument("[filter...]", `such as ${example}; all of it must hold`);
}

/** The filter's text: its words, and the options that are short for some. A word that the shell took out of quotes gets them back. */
export function filterOf(words: readonly string[], options: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(options).flatMap(([field, value]) => (value === undefined ? [] : [`${field}:${value}`]));
  return [...words, ...given].map(quoted).join(" ");
}

function quoted(word: string): string {
  const [, field = "", value = ""] = /^([A-Za-z]+):([^"]*\s[^"]*)$/s.exec(word) ?? [];
  return field === "" ? word : `${field}:"${value.replace(/["\\]/g, "\\$&")}"`;
}

import { stripVTControlCharacters } from "node:util";

/** Controls but the line break, and marks that turn the direction of writing: they can make a line read as another. */
const CONTROLS = /(?!\n)[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** A text that may come from anybody, safe to print: no terminal sequences, no control characters but line breaks. */
export function plain(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replace(CONTROLS, "");
}

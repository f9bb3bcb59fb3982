/**
 * Terminal sequences: OSC with its end, CSI, and the short ones. Not `stripVTControlCharacters` of Node, which takes
 * seconds for a text of many that have no end.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\u001B\][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[ -/]*[0-~]/g;

/** Controls but the line break, and marks that turn the direction of writing: they can make a line read as another. */
const CONTROLS = /(?!\n)[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** A text that may come from anybody, safe to print: no terminal sequences, no control characters but line breaks. */
export function plain(text: string): string {
  return text.toWellFormed().replace(SEQUENCES, "").replace(/\r\n?/g, "\n").replaceAll("\t", " ").replace(CONTROLS, "");
}

/** A text that may come from anybody, safe to print within a line. */
export function singleLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** A time as a person says it: "5m ago", "in 3h", "now"; "-" when it is not known. Both in milliseconds since the epoch. */
export function when(at: number | undefined, now: number): string {
  if (at === undefined) return "-";
  const away = Math.abs(at - now);
  const [unit, size] = UNITS.find(([, least]) => away >= least) ?? [];
  if (unit === undefined || size === undefined) return "now";
  const amount = `${Math.floor(away / size)}${unit}`;
  return at < now ? `${amount} ago` : `in ${amount}`;
}

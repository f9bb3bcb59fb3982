import { styleText } from "node:util";
import type { Terminal } from "../Terminal.ts";

const COLOURS = {
  dead: "red",
  failed: "red",
  FAIL: "red",
  missing: "red",
  pending: "yellow",
  accepted: "yellow",
  open: "cyan",
  running: "cyan",
  halted: "red",
  done: "green",
  delivered: "green",
} as const;

/** Colours each word that names a state; leaves all as it is where no person reads, or one asks for no colours. */
export function painter({ isTerminal, env }: Pick<Terminal, "isTerminal" | "env">): (text: string) => string {
  if (!isTerminal || env.NO_COLOR) return (text) => text;
  return (text) =>
    text.replace(/\b(dead|failed|FAIL|missing|pending|accepted|open|running|halted|done|delivered)\b/g, (word) =>
      styleText(COLOURS[word as keyof typeof COLOURS], word, { validateStream: false }),
    );
}

import { clip } from "../../runtime/clip.ts";
import { sha256 } from "../../runtime/sha256.ts";
import { looksSecret } from "../looksSecret.ts";
import { RULES } from "./rules.ts";

/** Something a user said of themselves. */
export interface Fact {
  /** The same for what it is about, so that a later word on it replaces an earlier one. */
  readonly id: string;
  readonly text: string;
}

/** The most of one fact, characters. */
export const MOST_FACT = 200;

/** More text than a person says of themselves in one message; the rest is pasted. Bounds the work. */
const MOST_READ = 10_000;

/**
 * The facts that a user states of themselves, by rules for plain English sentences: name, home, origin, work, tastes,
 * "my … is …" and "remember that …". Questions and what looks like a credential are left out. Of two words on one thing
 * the last counts.
 */
export function extractFacts(text: string): readonly Fact[] {
  const facts = new Map<string, Fact>();
  for (const clause of clausesOf(text.slice(0, MOST_READ))) {
    const fact = factOf(clause);
    if (!fact) continue;
    facts.delete(fact.id);
    facts.set(fact.id, fact);
  }
  return [...facts.values()];
}

function factOf(clause: string): Fact | undefined {
  if (looksSecret(clause)) return undefined;
  for (const rule of RULES) {
    const match = rule.pattern.exec(clause);
    if (!match) continue;
    const { about, text } = rule.fact(...match.slice(1).map((part) => tidy(part ?? "")));
    return { id: idOf(about), text: clip(text, MOST_FACT) };
  }
  return undefined;
}

function idOf(about: string): string {
  const key = about.normalize("NFC").toLowerCase();
  return `fact:${sha256(key).toString("hex").slice(0, 24)}`;
}

/** Sentences, and the halves of "I … and I …"; without questions and without a greeting in front. */
function clausesOf(text: string): readonly string[] {
  // Runs of blanks first: what comes after takes the square of their length.
  const tidied = text.replace(/[^\S\n]+/g, " ").replace(/[’‘]/g, "'");
  return (tidied.match(/[^.!?;\n]+(?:[.!?;](?=\S)[^.!?;\n]+)*[.!?;]*/g) ?? [])
    .filter((sentence) => !sentence.trimEnd().endsWith("?"))
    .flatMap((sentence) =>
      sentence.split(/,\s+(?=(?:(?:and|but)\s+)?(?:i|i'm|my|call)\b)|\s+(?:and|but)\s+(?=(?:i|i'm|my)\b)/i),
    )
    .map((clause) => clause.trim().replace(LEAD, ""));
}

/** What people put in front of a statement. */
const LEAD =
  /^(?:(?:hi|hello|hey|well|so|and|but|also|oh|ok|okay|yes|no|btw|by the way|actually|please|fyi|there)\b[\s,:-]*)+/i;

function tidy(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/^[\s"'“”]+|[\s"'“”.,!;:]+$/gu, "")
    .toWellFormed();
}

import { truncate } from "../../adapter/text/truncate.ts";
import { sha256 } from "../../domain/ids.ts";
import { RULES } from "./rules.ts";

/** Something a user said of themselves. */
export interface Fact {
  /** The same for what it is about, so that a later word on it replaces an earlier one. */
  readonly id: string;
  readonly text: string;
  /** It holds no more: the fact of these words, or all that is about the same. */
  readonly isTakenBack?: true;
}

/** Before the id of what is taken back: of the fact, or of its words. */
const TAKEN_BACK = "gone:";

/** The most of one fact, characters. */
export const MOST_FACT = 200;

/** More text than a person says of themselves in one message; the rest is pasted. Bounds the work. */
const MOST_READ = 10_000;

/**
 * The facts that a user states of themselves, by rules for plain English sentences: name, home, origin, work, tastes,
 * "my … is …" and "remember that …"; and those that they take back: "I no longer live in …", "forget my name". Questions and what looks like a credential are left out. Of two words on one thing
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
    const { about, text, takesBack } = rule.fact(...match.slice(1).map((part) => tidy(part ?? "")));
    const words = truncate(text, MOST_FACT);
    if (!takesBack) return { id: idOf(about), text: words };
    const what = takesBack === "any" ? idOf(about) : idOf(words);
    return { id: takenBackId(what), text: words, isTakenBack: true };
  }
  return undefined;
}

/** The facts that hold still: none of which was taken back since, by itself or with all that is about the same. */
export function withoutTakenBack<Row extends { readonly id: string; readonly text: string; readonly at: number }>(
  facts: readonly Row[],
  takenBack: readonly Row[],
): readonly Row[] {
  const since = new Map(takenBack.map(({ id, at }) => [id, at]));
  return facts.filter(({ id, text, at }) =>
    [id, idOf(text)].every((one) => (since.get(takenBackId(one)) ?? Number.NEGATIVE_INFINITY) < at),
  );
}

/** The id of the row that says that a fact holds no more. */
export function takenBackId(fact: string): string {
  return `${TAKEN_BACK}${fact}`;
}

/** The id of the fact about something. */
export function idOf(about: string): string {
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

/** Words after which a credential or a number that nobody should keep is likely; a few of other languages, too. */
const NAMED =
  /(?<![\p{L}\d])(pass ?words?|pass ?codes?|pass ?phrases?|passwd|pwd|pins?|api[ _-]?keys?|access[ _-]?keys?|secrets?|tokens?|private keys?|ssn|social security|cvv|cvc|iban|(credit|debit|bank) ?card|card number|(seed|recovery) phrase|passwort|kennwort|contraseña|mot de passe|senha|пароль)(?![\p{L}\d])|密码|密碼|パスワード|비밀번호/iu;

/** What keys of well-known services begin with; numbers as long as a payment card's, or in groups as an SSN; logins. */
const SHAPED =
  /\b(?:(?:sk|pk|rk|gh[opsu]|xox[abps]|glpat|npm|hf)[-_]\w{8,}|A[KS]IA[A-Z0-9]{12,}|\d{3}-\d{2}-\d{4}\b)|(?:\d[ -]?){13,19}|:\/\/[^\s/@]{1,200}:[^\s/@]{1,200}@|-----BEGIN /;

/** Runs without a space that are as long as keys are. Found apart from what they hold, so that the work stays linear. */
const LONG_RUN = /[\w+/=.-]{24,}/g;

/** Whether a text seems to hold a credential; such text is not remembered. Errs on the side of forgetting. */
export function looksSecret(text: string): boolean {
  if (NAMED.test(text) || SHAPED.test(text)) return true;
  return text.match(LONG_RUN)?.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run)) ?? false;
}

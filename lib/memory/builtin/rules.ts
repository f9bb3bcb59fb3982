/** A sentence that states a fact. */
export interface Rule {
  readonly pattern: RegExp;
  /** What the fact is about, which it replaces an older one of, and its words. Given the pattern's groups, tidied. */
  readonly fact: (...groups: readonly string[]) => { readonly about: string; readonly text: string };
}

/** Words that stand for something said before: without it they mean nothing. */
const POINTER = String.raw`(?:it|this|that|these|those|them|him|her|you|what|how|when|where|your)\b`;

const one = (pattern: RegExp, about: string, words: string): Rule => ({
  pattern,
  fact: (value = "") => ({ about, text: `${words} ${value}` }),
});

/** Tastes share what they are about, so that a change of mind replaces the old one. */
const taste = (verb: string, words: string): Rule => ({
  pattern: new RegExp(`^i (?:really |also |just |absolutely )*${verb} (?!${POINTER})(.+)$`, "i"),
  fact: (value = "") => ({ about: `taste ${value}`, text: `${words} ${value}` }),
});

/** English, the first that matches counts. Each is anchored at both ends of a clause. */
export const RULES: readonly Rule[] = [
  one(/^my (?:full |first |real )?name(?:'s| is) (?!not\b)(.+)$/i, "name", "Name:"),
  one(
    /^call me (?!back|later|when|if|at|on|in|tomorrow|today|maybe|an?\b|crazy)(.+)$/i,
    "called",
    "Wants to be called",
  ),
  one(/^(?:i live|i'm living|i am living) (?!with\b)((?:in|at|near|on) .+)$/i, "home", "Lives"),
  one(/^i(?:'ve| have)? (?:just )?moved to (.+)$/i, "home", "Lives in"),
  one(/^(?:i'm|i am|i come) from (.+)$/i, "origin", "Is from"),
  one(/^(?:i work|i'm working|i am working) as (.+)$/i, "job", "Works as"),
  one(/^(?:i work|i'm working|i am working) ((?:at|for|in) .+)$/i, "employer", "Works"),
  taste("like", "Likes"),
  taste("(?:love|adore)", "Loves"),
  taste("hate", "Hates"),
  taste("prefer", "Prefers"),
  taste("(?:don't|dont|do not) (?:really )?like", "Does not like"),
  {
    pattern:
      /^my ((?!(?:problem|question|point|guess|opinion|issue|error|mistake|bad|apologies|understanding|idea|plan|answer|name)\b)[\p{L}\p{N}'-]+(?: [\p{L}\p{N}'-]+){0,3}?)(?:'s| is| are) (?!that\b|this\b|it\b)(.+)$/iu,
    fact: (thing = "", value = "") => ({ about: `my ${thing}`, text: `Their ${thing}: ${value}` }),
  },
  {
    pattern: /^(?:remember|don't forget)(?: that| to|:)? (?!me\b|when\b|how\b|the time\b)(.{3,})$/i,
    fact: (note = "") => ({ about: `note ${note}`, text: `Asked to remember: ${note}` }),
  },
];

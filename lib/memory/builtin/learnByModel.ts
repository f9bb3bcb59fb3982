import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { EndedSession, ProviderCall } from "../../adapter/MemoryProvider.ts";
import type { MemoryRow, MemoryStore } from "../../adapter/MemoryStore.ts";
import type { Model } from "../../adapter/Model.ts";
import { perUser, type UserPart } from "../../adapter/perUser.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Message, Person } from "../../domain/Message.ts";
import { idOf, looksSecret, MOST_FACT, takenBackId, withoutTakenBack } from "./extractFacts.ts";
import { isEvidence, learningRequest, learntSchema } from "./learningRequest.ts";

/** The most of a session that a model reads at once, characters: a quarter as many tokens, which every model takes. */
const MOST_AT_ONCE = 40_000;

/** The most known facts that a model is shown, the newest. */
const MOST_KNOWN = 100;

/** As many rows of a kind as there may be. */
const ALL = 200;

/** The most of a summary, characters. */
const MOST_SUMMARY = 300;

/** The most facts of one answer; a model that finds more takes what is said for what is worth remembering. */
const MOST_FACTS = 50;

const rowsSchema = v.array(v.object({ id: v.string(), kind: v.string(), text: v.string(), at: v.number() }));

/** The rows that the model's answer to a step made, kept before they are written; and how many rows all steps made so far. */
const checkpointSchema = v.object({ step: v.number(), rows: rowsSchema, count: v.number() });

/** What a model reads at once: messages of one user, with the answers to them. */
interface Step {
  readonly user: Person;
  readonly messages: readonly Message[];
  /** None of the user follows: its answer tells what the session was about. */
  readonly isLast: boolean;
}

/**
 * Has a model learn from a session what is worth remembering of each user who wrote in it, and writes it into the users' rows.
 * Answers how many rows and users. Each step's answer is a checkpoint before it is written, so that a retry can't word it
 * otherwise, and goes on behind it: the steps of a sealed session are the same each time. Throws what the model throws, and
 * `DeliveryError` `transient` when it does not answer as it is asked.
 */
export async function learnByModel(
  model: Model,
  memories: MemoryStore,
  session: EndedSession,
  call: ProviderCall,
): Promise<{ readonly rows: number; readonly users: number }> {
  const parts = perUser(session).filter(({ messages }) => messages.some(isEvidence));
  const steps = parts.flatMap(stepsOf);
  const saved = v.safeParse(checkpointSchema, call.checkpoint);
  let { step: at, rows, count } = saved.success ? saved.output : { step: -1, rows: [], count: 0 };
  for (const [index, step] of steps.entries()) {
    if (index < at) continue;
    const scope = scopeOf({ ...session, user: step.user });
    if (index > at) {
      rows = [...(await learn(model, await memories.list(scope, ALL), step, session.endedAt, call))];
      [at, count] = [index, count + rows.length];
      await call.saveCheckpoint({ step: at, rows, count });
    }
    await memories.put(scope, rows);
  }
  return { rows: count, users: parts.length };
}

function stepsOf({ user, messages }: UserPart): readonly Step[] {
  const portions = portionsOf(messages);
  return portions.map((portion, index) => ({ user, messages: portion, isLast: index === portions.length - 1 }));
}

/** The rows that a step leaves behind, each once. */
async function learn(
  model: Model,
  stored: readonly MemoryRow[],
  { messages, isLast }: Step,
  endedAt: number,
  { timeout, signal }: ProviderCall,
): Promise<readonly MemoryRow[]> {
  const ofKind = (kind: string) => stored.filter((row) => row.kind === kind);
  const known = withoutTakenBack(ofKind("fact"), ofKind("gone")).slice(0, MOST_KNOWN);
  const { calls: [remember] = [] } = await model.complete({ ...learningRequest(known, messages), timeout, signal });
  const parsed = v.safeParse(learntSchema, remember?.input);
  if (!parsed.success) {
    const problem = "the model did not say what is to be remembered in the form that it is asked for";
    throw new DeliveryError("transient", problem, { outcome: "rejected" });
  }
  const { facts, taken_back, summary } = parsed.output;
  const timeOf = (number: number) => {
    const message = messages[number - 1];
    return message && isEvidence(message) ? message.at : undefined;
  };
  const gone = (number: number, at: number): readonly MemoryRow[] => {
    const fact = known[number - 1];
    return fact ? [{ id: takenBackId(fact.id), kind: "gone", text: fact.text, at }] : [];
  };
  // Also of those that are taken back: an older session may come last, and must not bring them back in other words.
  const ids = new Map([...ofKind("fact"), ...known].map(({ id, text }) => [plain(text), id]));
  const found = facts.slice(0, MOST_FACTS).flatMap(({ text, message, replaces }): readonly MemoryRow[] => {
    const at = timeOf(message);
    const words = truncate(lineOf(text), MOST_FACT);
    // What no message says is made up, and a credential is not remembered.
    if (at === undefined || words === "" || looksSecret(words)) return [];
    const id = ids.get(plain(words)) ?? idOf(words);
    ids.set(plain(words), id);
    const replaced = replaces.flatMap((number) => gone(number, at)).filter((row) => row.id !== takenBackId(id));
    return [...replaced, { id, kind: "fact", text: words, at }];
  });
  const back = taken_back.flatMap(({ fact, message }) => {
    const at = timeOf(message);
    return at === undefined ? [] : gone(fact, at);
  });
  const about = truncate(lineOf(summary), MOST_SUMMARY);
  const told = !isLast || about === "" || looksSecret(about) ? [] : [summaryOf(about, endedAt)];
  return [...new Map([...back, ...found, ...told].map((row) => [row.id, row])).values()];
}

/** What a fact says, however it is written: without capitals, and without what only ends or parts its words. */
function plain(text: string): string {
  const narrow = text.normalize("NFC").replace(WIDE, (letters) => letters.normalize("NFKC"));
  return narrow.toLowerCase().replace(BESIDE, " ").replace(/ +/g, " ").trim();
}

/** Letters of another width. Of the rest the form tells: "10⁵" is not "105". */
const WIDE = /[\uFF00-\uFFEF]+/g;

/** "C++" is not "C", "1.5" not "15", ".5" not "5", and "1:20" not "1 20". */
const BESIDE = /[\s;!?"“”„«»()。、「」]|[.,:](?!\p{Nd})/gu;

function lineOf(text: string): string {
  return text.toWellFormed().replace(/\s+/g, " ").trim();
}

function summaryOf(about: string, at: number): MemoryRow {
  const text = `Last talked on ${new Date(at).toISOString().slice(0, 10)}: ${about}`;
  return { id: "summary", kind: "summary", text, at };
}

/** Messages in portions that a model reads at once, cut between messages; a longer message is alone, and is cut. */
function portionsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const portions: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const content = truncate(message.content, MOST_AT_ONCE);
    if (content.length > room || portions.length === 0) {
      portions.push([]);
      room = MOST_AT_ONCE;
    }
    portions.at(-1)?.push({ ...message, content });
    room -= content.length;
  }
  return portions;
}

import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { EndedSession, ProviderCall } from "../../adapter/MemoryProvider.ts";
import type { MemoryRow, MemoryStore } from "../../adapter/MemoryStore.ts";
import type { Model } from "../../adapter/Model.ts";
import { perUser, type UserPart } from "../../adapter/perUser.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Message } from "../../domain/Message.ts";
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

const rowsSchema = v.array(v.object({ id: v.string(), kind: v.string(), text: v.string(), at: v.number() }));

/** What was learnt, by the user's id: kept before it is written, so that a retry can't word it otherwise. */
const checkpointSchema = v.fallback(v.object({ learnt: v.record(v.string(), rowsSchema) }), { learnt: {} });

/**
 * Has a model learn from a session what is worth remembering of each user who wrote in it, and writes it into the users' rows.
 * Answers how many rows and users. Throws what the model throws, and `DeliveryError` `transient` when it does not answer as
 * it is asked.
 */
export async function learnByModel(
  model: Model,
  memories: MemoryStore,
  session: EndedSession,
  call: ProviderCall,
): Promise<{ readonly rows: number; readonly users: number }> {
  let { learnt } = v.parse(checkpointSchema, call.checkpoint);
  const parts = perUser(session).filter(({ messages }) => messages.some(isEvidence));
  for (const part of parts) {
    if (learnt[part.user.id]) continue;
    const known = await memories.list(scopeOf({ ...session, user: part.user }), ALL);
    learnt = { ...learnt, [part.user.id]: [...(await learnOne(model, known, part, session.endedAt, call))] };
    await call.saveCheckpoint({ learnt });
  }
  let rows = 0;
  for (const { user } of parts) {
    const own = learnt[user.id] ?? [];
    await memories.put(scopeOf({ ...session, user }), own);
    rows += own.length;
  }
  return { rows, users: parts.length };
}

async function learnOne(
  model: Model,
  stored: readonly MemoryRow[],
  { messages }: UserPart,
  endedAt: number,
  call: ProviderCall,
): Promise<readonly MemoryRow[]> {
  const learnt = new Map<string, MemoryRow>();
  for (const portion of portionsOf(messages)) {
    const rows = [...learnt.values(), ...stored.filter(({ id }) => !learnt.has(id))];
    const ofKind = (kind: string) => rows.filter((row) => row.kind === kind);
    const known = withoutTakenBack(ofKind("fact"), ofKind("gone")).slice(0, MOST_KNOWN);
    for (const row of await ask(model, known, portion, endedAt, call)) learnt.set(row.id, row);
  }
  return [...learnt.values()];
}

async function ask(
  model: Model,
  known: readonly MemoryRow[],
  messages: readonly Message[],
  endedAt: number,
  { timeout, signal }: ProviderCall,
): Promise<readonly MemoryRow[]> {
  const { calls: [remember] = [] } = await model.complete({ ...learningRequest(known, messages), timeout, signal });
  const parsed = v.safeParse(learntSchema, remember?.input);
  if (!parsed.success) {
    throw new DeliveryError(
      "transient",
      "the model did not say what is to be remembered in the form that it is asked for",
      {
        outcome: "rejected",
      },
    );
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
  const found = facts.flatMap(({ text, message, replaces }): readonly MemoryRow[] => {
    const at = timeOf(message);
    const words = truncate(text.toWellFormed().replace(/\s+/g, " ").trim(), MOST_FACT);
    // What no message says is made up, and a credential is not remembered.
    if (at === undefined || words === "" || looksSecret(words)) return [];
    const id = idOf(words);
    const replaced = replaces.flatMap((number) => gone(number, at)).filter((row) => row.id !== takenBackId(id));
    return [...replaced, { id, kind: "fact", text: words, at }];
  });
  const back = taken_back.flatMap(({ fact, message }) => {
    const at = timeOf(message);
    return at === undefined ? [] : gone(fact, at);
  });
  const line = truncate(summary.toWellFormed().replace(/\s+/g, " ").trim(), MOST_SUMMARY);
  const told =
    line === "" || looksSecret(line)
      ? []
      : [{ id: "summary", kind: "summary", text: summaryOf(line, endedAt), at: endedAt }];
  return [...back, ...found, ...told];
}

function summaryOf(line: string, endedAt: number): string {
  return `Last talked on ${new Date(endedAt).toISOString().slice(0, 10)}: ${line}`;
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

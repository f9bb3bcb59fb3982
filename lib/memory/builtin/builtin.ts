import * as v from "valibot";
import { adapterOf, defineAdapter } from "../../adapter/Adapter.ts";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Embeddings } from "../../adapter/Embeddings.ts";
import type { EndedSession, Memory, MemoryProvider, RecallQuery } from "../../adapter/MemoryProvider.ts";
import type { MemoryRow, MemoryStore, Vector } from "../../adapter/MemoryStore.ts";
import type { Model } from "../../adapter/Model.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import { idOf, withoutTakenBack } from "./extractFacts.ts";
import { learnByModel } from "./learnByModel.ts";
import { meaningOf } from "./meaningOf.ts";
import { rankByMeaning } from "./rankByMeaning.ts";
import { rankByWords } from "./rankByWords.ts";
import { rowsOf } from "./rowsOf.ts";
import { unlessAborted } from "./unlessAborted.ts";
import { withVectors } from "./withVectors.ts";

/**
 * Memory in the gateway's own table: the facts that users state of themselves, and a line on the last session. A `model` finds
 * them in any language; without one, rules for English do. `embeddings` find what a question is about by what it means; without
 * them, its words do. Kept per user, and for what was said in a group only for that group.
 *
 * @example
 * const key = secret("OPENAI_API_KEY");
 * builtin({
 *   model: openai({ model: "gpt-5-mini", key }),
 *   embeddings: openaiEmbeddings({ model: "text-embedding-3-small", dimensions: 256, key }),
 * })
 */
export const builtin = defineAdapter(
  "memory",
  "builtin",
  strictFields({
    model: v.exactOptional(adapterOf("model", "openai(…) or another model")),
    embeddings: v.exactOptional(adapterOf("embeddings", "openaiEmbeddings(…)")),
  }),
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ model, embeddings }, services): MemoryProvider => {
        const built = embeddings?.create(services);
        return {
          capabilities: { idempotency: "upsert" },

          onSessionEnd: process.env.VESPER_WITHOUT_LEARNING
            ? noLearning
            : learning(services, model?.create(services), built),

          ...(process.env.VESPER_WITHOUT_RECALL ? {} : { recall: recalling(services, built) }),

          forget: (who) => services.memories.clear(scopeOf(who)),
        };
      },
  { partsOnly: { model: "session-end" } },
);

/** The facts that the model finds, or the rules where there is none. */
function learning(
  services: AdapterServices,
  model: Model | undefined,
  embeddings: Embeddings | undefined,
): MemoryProvider["onSessionEnd"] {
  return async (session, call) => {
    const memories = embeddings ? withVectors(services.memories, embeddings, call) : services.memories;
    const { rows, users } = model
      ? await learnByModel(model, memories, session, call)
      : await learnByRules(memories, session);
    return { body: `${rows} memories of ${users} users` };
  };
}

function noLearning(): never {
  throw new Error("learning is not in this function's bundle");
}

/** Users whose rows are written at once: each may wait for vectors, and a delivery has one time for a whole group. */
const AT_ONCE = 8;

async function learnByRules(memories: MemoryStore, session: EndedSession) {
  const authors = authorsOf(session);
  let rows = 0;
  const learn = async (id: string) => {
    const own = rowsOf(session, id);
    await memories.put(scopeOf({ ...session, user: { id } }), own);
    rows += own.length;
  };
  for (let from = 0; from < authors.length; from += AT_ONCE) {
    const ended = await Promise.allSettled(authors.slice(from, from + AT_ONCE).map(learn));
    // Only once all have ended: a retry must not meet what is still being written.
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }
  return { rows, users: authors.length };
}

function recalling({ memories, log }: AdapterServices, embeddings: Embeddings | undefined) {
  return async (query: RecallQuery, signal: AbortSignal): Promise<readonly Memory[]> => {
    const [rows, asked] = await Promise.all([
      unlessAborted(memories.list(scopeOf(query), ALL), signal),
      embeddings && meaningOf(query, embeddings, log, signal),
    ]);
    return choose(rows, query, asked);
  };
}

/** As many rows of a kind as there may be: what is taken back may be newer than all facts that are asked for. */
const ALL = 200;

/** Everyone who wrote something. A message without an author is nobody's: it is never put under a default user. */
function authorsOf({ messages }: EndedSession): readonly string[] {
  const ids = messages.flatMap(({ role, author }) => (role === "user" && author?.id ? [author.id] : []));
  return [...new Set(ids)];
}

/**
 * The facts that hold still: those that the question is about first, by its words and by what it means where that is known,
 * then the name, then the newest; and the last summary, which gives way when there is place for one only.
 */
function choose(rows: readonly MemoryRow[], { text, limit }: RecallQuery, asked?: Vector): readonly Memory[] {
  const ofKind = (wanted: string) => rows.filter(({ kind }) => kind === wanted);
  const facts = withoutTakenBack(ofKind("fact"), ofKind("gone"));
  const summary = ofKind("summary").slice(0, 1);
  const room = facts.length > 0 && limit < 2 ? limit : Math.max(limit - summary.length, 0);
  // What a user is called belongs to every answer, whatever is asked.
  const named = idOf("name");
  const name = facts.filter(({ id }) => id === named);
  const byWords = rankByWords(facts, text);
  const ranked = asked ? rankByMeaning(facts, byWords, asked) : byWords;
  const ordered = new Set([...ranked.slice(0, Math.max(room - 1, 1)), ...name, ...ranked, ...facts]);
  return [...[...ordered].slice(0, room), ...summary]
    .slice(0, Math.max(limit, 0))
    .map(({ text, at }) => ({ text, at }));
}

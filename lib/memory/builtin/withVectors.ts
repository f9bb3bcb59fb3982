import type { Embeddings } from "../../adapter/Embeddings.ts";
import type { MemoryStore } from "../../adapter/MemoryStore.ts";
import type { Patience } from "../../adapter/Toolbox.ts";

/**
 * The store, but facts are written with their vectors. They are made at the moment of writing: a checkpoint has no place for
 * them, and a retry makes the same ones. Throws what the embeddings throw, and a `TypeError` where they make no vectors,
 * before anything is written.
 */
export function withVectors(memories: MemoryStore, embeddings: Embeddings, patience: Patience): MemoryStore {
  return {
    ...memories,
    async put(scope, rows) {
      const { timeout, signal } = patience;
      const facts = rows.filter(({ kind }) => kind === "fact");
      const texts = facts.map(({ text }) => text);
      const made = texts.length > 0 ? await embeddings.embed(texts, { timeout, signal }) : [];
      const { space } = embeddings;
      // Of an adapter's own making: the table would keep whatever it is.
      if (made.length !== texts.length || !made.every((packed: unknown) => packed instanceof Uint8Array)) {
        throw new TypeError(`embed() of "${space}" must make a Uint8Array of each of ${texts.length} texts`);
      }
      const vectors = new Map(facts.map(({ id }, place) => [id, made[place]]));
      const written = rows.map((row) => {
        const packed = vectors.get(row.id);
        return packed ? { ...row, vector: { space, packed } } : row;
      });
      await memories.put(scope, written);
    },
  };
}

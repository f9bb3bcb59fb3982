import * as v from "valibot";
import { readJson } from "../files/readJson.ts";
import { writeAtomically } from "../files/writeAtomically.ts";

const schema = v.record(v.string(), v.string());

/** How far each mapping has come in each shard, on disk: a restart goes on there. */
export class Checkpoints {
  readonly #path: string;
  readonly #positions: Map<string, string>;

  /** @param path the file; a missing or unreadable one means "from the start", which repeats records but skips none */
  constructor(path: string) {
    this.#path = path;
    this.#positions = new Map(Object.entries(readJson(path, schema) ?? {}));
  }

  /** The sequence number of the last record that is done with. */
  get(mapping: string, shard: string): string | undefined {
    return this.#positions.get(key(mapping, shard));
  }

  /** On disk when it returns. */
  set(mapping: string, shard: string, sequenceNumber: string): void {
    this.#positions.set(key(mapping, shard), sequenceNumber);
    this.#save();
  }

  /** Forgets a position that means nothing any more. */
  delete(mapping: string, shard: string): void {
    if (this.#positions.delete(key(mapping, shard))) this.#save();
  }

  #save(): void {
    writeAtomically(this.#path, JSON.stringify(Object.fromEntries(this.#positions)));
  }
}

function key(mapping: string, shard: string): string {
  return `${mapping} ${shard}`;
}

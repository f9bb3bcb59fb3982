import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, parse } from "node:path";
import * as v from "valibot";
import { areCurrent, hash, hashOf, inputsOf } from "../files/Inputs.ts";
import { readJson } from "../files/readJson.ts";
import { writeAtomically } from "../files/writeAtomically.ts";

/** Absolute path of each function's bundle, by that of its source. */
export type Bundles = ReadonlyMap<string, string>;

/** What was bundled. */
export interface Built {
  readonly bundles: readonly { readonly entry: string; readonly text: string; readonly map: string }[];
  /** Absolute paths of all files that the bundles are made of. */
  readonly inputs: readonly string[];
  /** When the first of them was read, or before; milliseconds since the epoch, by the machine's clock. */
  readonly began: number;
}

const manifestSchema = v.object({
  /** Hash of what was asked for. */
  asked: v.string(),
  /** Hashes of the files that the bundles are made of, by their absolute paths. */
  inputs: v.record(v.string(), v.string()),
  /** Names of the bundles in the folder, by the absolute paths of their sources; a name has its content's hash in it. */
  bundles: v.record(v.string(), v.string()),
});

/** The functions' bundles on the disk. They are good for as long as no file has changed that they are made of. */
export class BundleCache {
  readonly #folder: string;
  readonly #asked: string;

  /** @param folder is made when it is not there @param asked whatever else decides what the bundles are; as JSON */
  constructor(folder: string, asked: unknown) {
    this.#folder = folder;
    this.#asked = hash(JSON.stringify(asked));
  }

  /** What is kept; undefined when it is not what would be bundled now. */
  read(): Bundles | undefined {
    const kept = readJson(this.#manifest, manifestSchema);
    if (kept?.asked !== this.#asked) return undefined;
    const { inputs, bundles } = kept;
    // What is in a file is in its name.
    const isWhole = Object.values(bundles).every(
      (name) => hashOf(join(this.#folder, name)) === parse(parse(name).name).ext.slice(1),
    );
    return areCurrent(inputs) && isWhole ? this.#located(bundles) : undefined;
  }

  /** Keeps what was bundled in the place of what was kept before. */
  write({ bundles, inputs, began }: Built): Bundles {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const names = bundles.map(({ entry, text, map }) => {
      const mapName = `${parse(entry).name}.${hash(map)}.map`;
      const named = `${text}//# sourceMappingURL=${mapName}\n`;
      const name = `${parse(entry).name}.${hash(named)}.cjs`;
      writeAtomically(join(this.#folder, mapName), map);
      writeAtomically(join(this.#folder, name), named);
      return { entry, name, mapName };
    });
    const manifest: v.InferOutput<typeof manifestSchema> = {
      asked: this.#asked,
      inputs: inputsOf(inputs, began),
      bundles: Object.fromEntries(names.map(({ entry, name }) => [entry, name])),
    };
    writeAtomically(this.#manifest, JSON.stringify(manifest));
    const kept = new Set([parse(this.#manifest).base, ...names.flatMap(({ name, mapName }) => [name, mapName])]);
    for (const file of readdirSync(this.#folder)) if (!kept.has(file)) rmSync(join(this.#folder, file));
    return this.#located(manifest.bundles);
  }

  get #manifest(): string {
    return join(this.#folder, "bundles.json");
  }

  #located(bundles: Readonly<Record<string, string>>): Bundles {
    return new Map(Object.entries(bundles).map(([entry, name]) => [entry, join(this.#folder, name)]));
  }
}

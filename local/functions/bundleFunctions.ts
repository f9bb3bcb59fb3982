import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import type { BuildFailure, Plugin } from "esbuild";
import { bundlingOf } from "../../cdk/bundling.ts";
import { MODULE_ENDING } from "../../lib/runtime/moduleEnding.ts";
import { machineTime } from "../files/Inputs.ts";
import { LocalError } from "../LocalError.ts";
import { type Built, BundleCache, type Bundles } from "./BundleCache.ts";

const ROOT = join(import.meta.dirname, "../..");

/** They decide what is bundled, too: esbuild's version, and how it reads TypeScript. */
const SETTINGS = ["package.json", "tsconfig.json"];

/** What the functions see as the config: the team's, whose providers can be broken. */
const LAB_CONFIG = join(import.meta.dirname, `../lab/config${MODULE_ENDING}`);

export interface BundleOptions {
  /** Absolute paths of the functions' sources. */
  readonly entries: readonly string[];
  /** Absolute path of the team's config. */
  readonly configPath: string;
  /** Where bundles are kept; made when it is not there. */
  readonly folder: string;
}

/** The bundles, still in memory unless nothing has changed. */
export interface Bundled {
  /**
   * Writes the bundles, in the place of those that were kept before. No other process may use the folder by now.
   *
   * @returns the absolute path of each function's bundle, by that of its source
   */
  keep(): Bundles;
}

/**
 * Bundles the functions as they are deployed, but for the lab around their config and a source map that they name. Nothing
 * is bundled while no file has changed that the bundles are made of.
 *
 * @throws LocalError with the place, when one can't be bundled
 */
export async function bundleFunctions({ entries, configPath, folder }: BundleOptions): Promise<Bundled> {
  const bundling = entries.map((entry) => bundlingOf(parse(entry).name));
  const cache = new BundleCache(folder, { bundling, entries, configPath });
  const kept = cache.read();
  if (kept) return { keep: () => kept };
  const built = await build({ entries, configPath, folder });
  return { keep: () => cache.write(built) };
}

/** The absolute paths of the functions' sources in `functions/` of a root. */
export function functionSources(root: string): readonly string[] {
  const folder = join(root, "functions");
  return readdirSync(folder)
    .filter((name) => name.endsWith(MODULE_ENDING))
    .toSorted()
    .map((name) => join(folder, name));
}

async function build({ entries, configPath, folder }: BundleOptions): Promise<Built> {
  const began = machineTime();
  // Takes longer to load than what is bundled takes to check.
  const esbuild = await import("esbuild");
  try {
    const built = await Promise.all(
      entries.map(async (entry) => {
        const { outputFiles, metafile } = await esbuild.build({
          ...bundlingOf(parse(entry).name),
          entryPoints: [entry],
          absWorkingDir: ROOT,
          // Nothing is written there; the map's sources are told from there.
          outdir: folder,
          entryNames: "[name]",
          outExtension: { ".js": ".cjs" },
          sourcemap: "external",
          plugins: [labConfig(configPath)],
          write: false,
          metafile: true,
          logLevel: "silent",
        });
        const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
        return { entry, text: textOf(".cjs"), map: textOf(".cjs.map"), inputs: Object.keys(metafile.inputs) };
      }),
    );
    const inputs = [...new Set([...built.flatMap((one) => one.inputs), ...SETTINGS])].map((path) => join(ROOT, path));
    return { bundles: built, inputs, began };
  } catch (error) {
    throw isBuildFailure(error) ? unbundled(error) : error;
  } finally {
    // Otherwise its process stays as long as this one.
    await esbuild.stop();
  }
}

/** `#config` is the lab's config to the functions, and the team's to the lab's. */
function labConfig(configPath: string): Plugin {
  return {
    name: "lab config",
    setup({ onResolve }) {
      onResolve({ filter: /^#config$/ }, ({ importer }) => ({
        path: importer === LAB_CONFIG ? configPath : LAB_CONFIG,
      }));
    },
  };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

/** Says each place as `UnreadableConfig` does: the file, its line, and a caret under the column. */
function unbundled(cause: BuildFailure): LocalError {
  const told = cause.errors.map(({ text, location }) => {
    if (!location) return text;
    const { file, line, column, lineText } = location;
    const path = join(ROOT, file);
    return `${text}\n  ${path}:${line}:${column + 1}\n  ${lineText}\n  ${lineText.slice(0, column).replace(/[^\t]/g, " ")}^`;
  });
  return new LocalError(`the functions can't be bundled, here and for a deployment: ${told.join("\n")}`, { cause });
}

import { basename, join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { bundlingOf } from "../../cdk/bundling.ts";
import { CONFIG_PATH } from "./gatewayTemplate.ts";

const ROOT = join(import.meta.dirname, "../..");

/** One bundle, and what is in it. */
export interface Bundle {
  readonly text: string;
  /** Bytes, minified. */
  readonly bytes: number;
  /** Bytes by source file, from the repository's root; those that nothing is left of are absent. */
  readonly files: ReadonlyMap<string, number>;
}

/** Bundles a function with a config, the default one unless another is given, as its construct does. */
export function bundleFunction(name: string, configPath = CONFIG_PATH): Promise<Bundle> {
  return bundleSource(`./functions/${name}.ts`, configPath);
}

/** Bundles a source as the constructs bundle a function. */
export function bundleSource(path: string, configPath = CONFIG_PATH): Promise<Bundle> {
  return bundle({ entryPoints: [path] }, configPath);
}

/** Bundles a text as the constructs bundle a function. */
export function bundleText(contents: string): Promise<Bundle> {
  return bundle({ stdin: { contents, resolveDir: ROOT } });
}

type Source = { entryPoints: string[] } | { stdin: { contents: string; resolveDir: string } };

/** The names of the classes that are left in a function's bundle, which minifying takes away. */
export async function classesIn(name: string): Promise<ReadonlySet<string>> {
  const { text } = await bundle({ entryPoints: [`./functions/${name}.ts`] }, CONFIG_PATH, { minify: false });
  return new Set(
    [...text.matchAll(/^(?:var (\w+) = )?class (\w+)?/gm)].map(([, variable, own]) => variable ?? own ?? ""),
  );
}

async function bundle(source: Source, configPath = CONFIG_PATH, changes: BuildOptions = {}) {
  const [entry = ""] = "entryPoints" in source ? source.entryPoints : [];
  const { outputFiles, metafile } = await build({
    ...bundlingOf(basename(entry, ".ts")),
    ...changes,
    ...source,
    absWorkingDir: ROOT,
    alias: { "#config": configPath },
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const text = outputFiles[0]?.text ?? "";
  return { text, bytes: Buffer.byteLength(text), files: filesOf(metafile) };
}

function filesOf({ outputs }: Metafile): ReadonlyMap<string, number> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  return new Map(
    inputs.map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const).filter(([, bytes]) => bytes > 0),
  );
}

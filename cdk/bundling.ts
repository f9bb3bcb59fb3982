import type { BuildOptions } from "esbuild";

/** How a function is bundled, in esbuild's words: for the deployment, for the local runner, and for the tests of its size. */
const bundling = {
  bundle: true,
  platform: "node",
  /** Not `esm`: an `import` of `node:http` reads all that the module exports, which loads Node's `fetch`, in 20 ms. */
  format: "cjs",
  target: "node24",
  /** The ES modules of a package where it has them: of those only what is used is kept. */
  mainFields: ["module", "main"],
  minify: true,
  charset: "utf8",
  /** A map names the sources, which whoever reads a stack trace has. */
  sourcesContent: false,
} satisfies BuildOptions;

/** What an adapter consists of, as its author tells it apart: `process.env.VESPER_WITHOUT_<part> ? undefined : part`. */
const PARTS = ["RECEIVING", "SENDING", "OPERATING", "AGENTS", "MODELS", "MEMORY", "RECALL", "LEARNING"] as const;

/** The parts that a function builds. */
const BUILT: Readonly<Record<string, readonly (typeof PARTS)[number][]>> = {
  webhook: ["RECEIVING"],
  message: ["SENDING", "AGENTS", "MODELS", "MEMORY", "RECALL"],
  expiry: [],
  "session-end": ["MODELS", "MEMORY", "LEARNING"],
};

/**
 * How a function is bundled: without the parts of adapters that it never builds. Of a source that is none of the functions
 * nothing is left out.
 *
 * @param name the source file's in `functions/`, without its ending
 */
export function bundlingOf(name: string) {
  const built = BUILT[name] ?? PARTS;
  const leftOut = PARTS.filter((part) => !built.includes(part));
  const define = Object.fromEntries(leftOut.map((part) => [`process.env.VESPER_WITHOUT_${part}`, '"1"']));
  return { ...bundling, define } satisfies BuildOptions;
}

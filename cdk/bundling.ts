import type { BuildOptions } from "esbuild";

/** How a function is bundled, in esbuild's words: for the deployment, for the local runner, and for the tests of its size. */
export const bundling = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  /** The ES modules of a package where it has them: of those only what is used is kept. */
  mainFields: ["module", "main"],
  minify: true,
  charset: "utf8",
  /** A map names the sources, which whoever reads a stack trace has. */
  sourcesContent: false,
  banner: {
    /** Some packages still call `require`, which an ES module does not have. */
    js: 'import { createRequire as vesperRequire } from "node:module"; const require = vesperRequire(import.meta.url);',
  },
} satisfies BuildOptions;

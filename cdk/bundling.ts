import { Charset, OutputFormat, SourceMapMode } from "aws-cdk-lib/aws-lambda-nodejs";

/** How the functions are bundled; the size test bundles with the same. */
export const bundling = {
  format: OutputFormat.ESM,
  target: "node24",
  /** The ES modules of a package where it has them: of those only what is used is kept. */
  mainFields: ["module", "main"],
  minify: true,
  charset: Charset.UTF8,
  /** A map beside the bundle that the bundle does not name: it is moved out of the package. */
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  /** The SDK that was tested is the one that runs, whatever the runtime brings along. */
  bundleAwsSDK: true,
  /** Some packages still call `require`, which an ES module does not have. */
  banner:
    'import { createRequire as vesperRequire } from "node:module"; const require = vesperRequire(import.meta.url);',
} as const;

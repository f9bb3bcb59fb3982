import { join } from "node:path";
import type { ICommandHooks } from "aws-cdk-lib/aws-lambda-nodejs";

/**
 * Keeps a bundle's source map out of the package, which it would make several times larger, and puts it where whoever
 * reads a stack trace finds it: `cdk.out/source-maps/<function>.js.map`.
 *
 * @param folder absolute, or from the repository's root
 */
export function moveSourceMap(folder: string, name: string): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) => [
      `mkdir -p "${folder}"`,
      `mv "${join(output, "index.js.map")}" "${join(folder, `${name}.js.map`)}"`,
    ],
  };
}

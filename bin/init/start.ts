import { parseArgs } from "node:util";
import { VesperError } from "../../lib/domain/VesperError.ts";
import { init } from "./init.ts";

// `vesper init` on a machine whose Node is too old for the rest: the project that it makes brings the one that is needed.

try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { package: { type: "string" } } });
  const [, folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new TypeError("name one folder: vesper init FOLDER");
  console.log(init(folder, values.package));
} catch (error) {
  // What can't be parsed is a TypeError, too.
  if (!(error instanceof VesperError) && !(error instanceof TypeError)) throw error;
  console.error(`vesper: ${error.message}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}

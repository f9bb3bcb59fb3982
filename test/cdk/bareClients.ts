import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, bundleText } from "./bundleFunction.ts";
import { packageOf } from "./packageOf.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The bundle of nothing but what a function's own files import of AWS, as far as it is in the function's bundle. */
export function bareClients({ files }: Bundle): Promise<Bundle> {
  const commands = new Set([...files.keys()].flatMap((file) => /(\w+Command)\.js$/.exec(file)?.[1] ?? []));
  const imports = [...files.keys()]
    .filter((file) => packageOf(file) === "own" && file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), "utf8").matchAll(/^import \{([^}]+)\} from "(@aws-sdk\/[^"]+)";$/gm),
    ])
    .flatMap(([, names = "", from = ""]) => names.split(",").map((name) => ({ name: name.trim(), from })))
    .filter(
      ({ name }) => name !== "" && !name.startsWith("type ") && (!name.endsWith("Command") || commands.has(name)),
    );
  const lines = imports.map(({ name, from }) => `export { ${name} } from "${from}";`);
  return bundleText([...new Set(lines)].join("\n"));
}

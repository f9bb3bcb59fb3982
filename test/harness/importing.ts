import { existsSync } from "node:fs";
import { join } from "node:path";

const LIB = join(import.meta.dirname, "../../lib");

/**
 * The import lines of a config that a test writes: of adapters by their names, such as `echo`, and of what
 * `lib/index.ts` exports.
 */
export function importing(...names: readonly string[]): string {
  return names.map((name) => `import { ${name} } from ${JSON.stringify(pathOf(name))};`).join("\n");
}

function pathOf(name: string): string {
  const own = ["agents", "memory", "models", "platforms"].map((kind) => join(LIB, kind, name, `${name}.ts`));
  return own.find((path) => existsSync(path)) ?? join(LIB, "index.ts");
}

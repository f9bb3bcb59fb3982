import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, bundleText } from "./bundleFunction.ts";
import { packageOf } from "./packageOf.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The SDK's client of each service that is called without it. */
const CLIENTS = { AmazonSQS: "SQS", AmazonSSM: "SSM" } as const;

/** The operations that a bundle calls without the SDK, as it writes them. */
export function callsWithoutSdk({
  text,
}: Bundle): readonly { readonly service: "SQS" | "SSM"; readonly operation: string }[] {
  return [...text.matchAll(/"(AmazonSQS|AmazonSSM)\.(\w+)"/g)].map(([, target, operation = ""]) => ({
    service: CLIENTS[target === "AmazonSQS" ? target : "AmazonSSM"],
    operation,
  }));
}

/**
 * The bundle of nothing but what a function's own files import of AWS, as far as it is in the function's bundle, and of the
 * clients and commands for what it calls without them.
 */
export function bareClients(bundle: Bundle): Promise<Bundle> {
  const { files } = bundle;
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
  const replaced = callsWithoutSdk(bundle).flatMap(({ service, operation }) =>
    [`${service}Client`, `${operation}Command`].map((name) => ({
      name,
      from: `@aws-sdk/client-${service.toLowerCase()}`,
    })),
  );
  const lines = [...imports, ...replaced].map(({ name, from }) => `export { ${name} } from "${from}";`);
  return bundleText([...new Set(lines)].join("\n"));
}

import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { createProject } from "./createProject.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A checkout is in no registry: its project needs it packed. */
const IS_CHECKOUT = !ROOT.includes(`${sep}node_modules${sep}`);

/**
 * Makes a project and says what comes next.
 *
 * @param given the folder, from the working directory
 * @param version which vesper it uses: a version, or the path of a packed one
 * @throws CommandFailed when there is something in the folder, or it is none
 */
export function init(given: string, version: string = packageJson.version): string {
  const folder = resolve(given);
  const vesper = existsSync(version) ? resolve(version) : version;
  const files = createProject({ folder, vesper });
  const way = relative(process.cwd(), folder);
  return [
    `Made ${folder} with ${files.join(", ")}`,
    "Next:",
    ...(way === "" ? [] : [`  cd ${way}`]),
    ...(vesper === packageJson.version && IS_CHECKOUT
      ? [`  npm install "$(npm pack --silent '${ROOT}')"   this checkout, packed`]
      : ["  npm install"]),
    "  npm start                     the gateway on this machine, with its page",
    '  npx vesper say "hello"        in another terminal',
    "  npm test",
    "Then edit vesper.config.ts. npm run deploy brings it to AWS; its README.md says more.",
  ].join("\n");
}

import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import packageJson from "../../package.json" with { type: "json" };

const TEMPLATE = join(import.meta.dirname, "template");

/** A package leaves out files of these names, or reads them itself; so the template has them without their dot. */
const DOTTED = ["gitignore", "env.example"];

/** Packages whose install scripts a project needs: Node itself, the emulator's store, the bundler. */
const WITH_SCRIPTS = ["node", "classic-level", "esbuild"];

/** The project to make. */
export interface NewProject {
  /** Absolute; it is made when it is not there. */
  readonly folder: string;
  /** What its package.json says of vesper: a version, or the absolute path of a packed one. */
  readonly vesper: string;
}

/**
 * Writes a team's own project around the package: config, CDK app, a first test. The other packages get the versions that
 * this one is tested with. Nothing is installed.
 *
 * @returns the files that were written, from the folder
 * @throws CommandFailed when there is something in the folder, or it is none
 */
export function createProject({ folder, vesper }: NewProject): readonly string[] {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new CommandFailed(`${folder} is a file; name a folder`);
    const [first] = readdirSync(folder);
    if (first !== undefined) {
      throw new CommandFailed(`${folder} is not empty: there is ${first} in it; name a new folder, or an empty one`);
    }
  }
  mkdirSync(folder, { recursive: true });
  cpSync(TEMPLATE, folder, { recursive: true });
  for (const name of DOTTED) renameSync(join(folder, name), join(folder, `.${name}`));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(folder, vesper), null, 2)}\n`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).toSorted();
}

function manifest(folder: string, vesper: string) {
  const versions: Readonly<Record<string, string>> = { ...packageJson.dependencies, ...packageJson.devDependencies };
  const tested = (...names: string[]) => Object.fromEntries(names.map((name) => [name, versions[name] ?? "*"]));
  return {
    name: nameOf(folder),
    private: true,
    type: "module",
    scripts: {
      start: "vesper start",
      test: 'node --test "test/**/*.test.ts"',
      check: "tsc",
      synth: "cdk synth --quiet",
      deploy: "cdk deploy",
      vesper: "vesper",
    },
    dependencies: { ...tested("aws-cdk-lib", "constructs"), vesper: specOf(folder, vesper) },
    // The Node that Lambda has, for machines with another one.
    devDependencies: tested("@types/node", "aws-cdk", "node", "typescript"),
    allowScripts: Object.fromEntries(WITH_SCRIPTS.map((name) => [name, true])),
  };
}

/** A packed one is named from the folder, so that both can be moved together. */
function specOf(folder: string, vesper: string): string {
  return isAbsolute(vesper) ? `file:${relative(folder, vesper)}` : vesper;
}

/** A package's name, made of the folder's. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  // A package of that name could not depend on this one.
  return name === "" || name === packageJson.name ? "vesper-gateway" : name;
}

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { VesperError } from "../domain/VesperError.ts";

/** A place in a source file, counted from 1. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const ROOT = join(import.meta.dirname, "../..");
const OURS = ["bin", "cdk", "lib", "local"].map((folder) => join(ROOT, folder, sep));

/** The config can't be loaded: it is no TypeScript, or its code fails. Says where, with the line itself. */
export class UnreadableConfig extends VesperError {
  override readonly name = "UnreadableConfig";
  readonly retry = false;

  /** @param path of the config, absolute @param cause what loading it threw */
  constructor(path: string, cause: unknown) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const place = hashFraction(path, cause);
    super(place ? `${path} can't be read: ${why}\n${excerpt(place)}` : `${path} can't be read: ${why}`, { cause });
  }
}

function hashFraction(path: string, cause: unknown): Place | undefined {
  if (!(cause instanceof Error)) return undefined;
  const stack = cause.stack ?? "";
  return pointedOut(stack) ?? calledFrom(stack) ?? compiled(path, cause instanceof SyntaxError);
}

/** What Node writes above a syntax error: the file and its line, lines up to that one, and a caret under the column. */
function pointedOut(text: string): Place | undefined {
  const [, file, line, caret] = /^(.+?):(\d+)\n(?:.*\n){1,3}?([ \t]*)\^/.exec(text) ?? [];
  return file && line ? { file: toPath(file), line: Number(line), column: (caret ?? "").length + 1 } : undefined;
}

/** The first call of a stack that is in the team's own code: not in ours, which it calls and is called by. */
function calledFrom(stack: string): Place | undefined {
  for (const [, file = "", line, column] of stack.matchAll(
    /(?:\(|at (?:async )?)((?:file:|\/)[^()]*?):(\d+):(\d+)\)?$/gm,
  )) {
    const path = toPath(file);
    if (!path.includes("/node_modules/") && !OURS.some((folder) => path.startsWith(folder))) {
      return { file: path, line: Number(line), column: Number(column) };
    }
  }
  return undefined;
}

/**
 * What V8 refuses in a module comes without its place, but for a program that ends of it.
 *
 * @param isRefused none of its code has run, and none will
 */
function compiled(path: string, isRefused: boolean): Place | undefined {
  const code = isRefused ? COMPILE + LINK : COMPILE;
  const { stderr } = spawnSync(process.execPath, ["--no-warnings", "--experimental-vm-modules", "-e", code, path], {
    encoding: "utf8",
  });
  return pointedOut(stderr);
}

/** Compiles a file and runs nothing of it. Erased types leave blanks, so that every place stays what it was. */
const COMPILE = `
  const [, path] = process.argv;
  const source = require("node:module").stripTypeScriptTypes(require("node:fs").readFileSync(path, "utf8"));
  new (require("node:vm").SourceTextModule)(source, { identifier: path });`;

/** Looks for what it imports, too. */
const LINK = `import(require("node:url").pathToFileURL(path).href);`;

/** The place, its line, and a caret under the column. */
function excerpt({ file, line, column }: Place): string {
  if (!existsSync(file)) return `  ${file}:${line}:${column}`;
  const text = readFileSync(file, "utf8").split(/\r?\n/)[line - 1] ?? "";
  const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return `  ${file}:${line}:${column}\n  ${text}\n  ${before}^`;
}

function toPath(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}

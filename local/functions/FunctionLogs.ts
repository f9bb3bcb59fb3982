import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { summarizeLine } from "./summarizeLine.ts";

/** A log file this large, bytes, is put aside at the next start; the one before it is dropped. */
const ROTATE_BYTES = 10 * 1024 * 1024;

/** What the functions write: all of it in one file a function, warnings and errors also as a line on the console. */
export class FunctionLogs {
  readonly #folder: string;
  readonly #print: (line: string) => void;
  readonly #files = new Map<string, WriteStream>();

  /** @param folder is made when it is not there @param print writes a line to the console */
  constructor(folder: string, print: (line: string) => void) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#print = print;
  }

  /** One line of a function's output. */
  readonly write = (functionName: string, line: string): void => {
    this.#file(functionName).write(`${line}\n`);
    const summary = summarizeLine(functionName, line);
    if (summary !== undefined) this.#print(summary);
  };

  /** Something went wrong around a function. */
  readonly fail = (functionName: string, error: unknown): void => {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const line = {
      time: new Date().toISOString(),
      level: "error",
      event: "runner.failed",
      error: name,
      message,
      stack,
    };
    this.write(functionName, JSON.stringify(line));
  };

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => new Promise<void>((resolve) => file.end(resolve))));
  }

  #file(name: string): WriteStream {
    const open = this.#files.get(name);
    if (open) return open;
    const path = join(this.#folder, `${name}.log`);
    if (existsSync(path) && statSync(path).size > ROTATE_BYTES) renameSync(path, `${path}.1`);
    const file = createWriteStream(path, { flags: "a" });
    // A full disk must not end the gateway; the console still has the warnings.
    file.on("error", () => undefined);
    this.#files.set(name, file);
    return file;
  }
}

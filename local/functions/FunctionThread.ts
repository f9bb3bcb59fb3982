import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { MODULE_ENDING } from "../../lib/runtime/moduleEnding.ts";
import { startThread } from "../startThread.ts";
import { FunctionError } from "./FunctionError.ts";
import type { FunctionPoolOptions } from "./FunctionPool.ts";
import type { LocalFunction } from "./functionSpec.ts";
import type { Answer, BootstrapData, Invocation } from "./protocol.ts";

/** One line that a function wrote. */
export type WriteLine = (functionName: string, line: string) => void;

/** One thread of a function: it takes one invocation at a time, and is thrown away when one runs out of time. */
export class FunctionThread {
  readonly #spec: LocalFunction;
  readonly #worker: Worker;
  /** Settles when the handler is loaded; rejected when it can't be. */
  readonly #ready: Promise<void>;
  /** How the thread ended; rejected, never resolved. */
  readonly #ended: Promise<never>;
  #alive = true;

  constructor(spec: LocalFunction, { dataPath, offset, simulated, writeLine }: Omit<FunctionPoolOptions, "size">) {
    this.#spec = spec;
    const data: BootstrapData = { bundle: pathToFileURL(spec.bundle).href, dataPath, offset, simulated };
    const worker = startThread(new URL(`./bootstrap${MODULE_ENDING}`, import.meta.url), data, {
      env: { ...spec.env },
      // A function whose objects need more than its memory is ended here as it is there.
      resourceLimits: { maxOldGenerationSizeMb: spec.memory },
      name: spec.name,
      stdout: true,
      stderr: true,
    });
    this.#worker = worker;
    for (const stream of [worker.stdout, worker.stderr]) readLines(stream, (line) => writeLine(spec.name, line));
    this.#ended = new Promise((_resolve, reject) => {
      worker.once("error", (error) => reject(new FunctionError(`${spec.name} crashed: ${describe(error)}`)));
      worker.once("exit", (code) => reject(new FunctionError(`${spec.name} exited with code ${code}`)));
    });
    this.#ended.catch(() => {
      this.#alive = false;
    });
    this.#ready = Promise.race([this.#answer().then(() => undefined), this.#ended]);
    this.#ready.catch(() => undefined);
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the handler is loaded. @throws FunctionError when it can't be */
  ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Runs the handler once. Loading it is not part of its time, as on AWS.
   *
   * @returns what the handler returned, through JSON
   * @throws FunctionError
   */
  async invoke(event: unknown, requestId: string): Promise<unknown> {
    await this.#ready;
    const { name, timeout } = this.#spec;
    const invocation: Invocation = { event: JSON.stringify(event), requestId, timeout };
    const outOfTime = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      outOfTime.reject(new FunctionError(`${name} was stopped after its timeout of ${timeout / 1000} s`));
      void this.close();
    }, timeout);
    try {
      const answer = this.#answer();
      this.#worker.postMessage(invocation);
      return read(name, await Promise.race([answer, outOfTime.promise, this.#ended]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve) => this.#worker.once("message", resolve));
  }
}

function read(name: string, answer: Answer): unknown {
  if (answer.type === "result") return JSON.parse(answer.json);
  if (answer.type === "ready") return undefined;
  throw new FunctionError(`${name} threw ${answer.failure.name}: ${answer.failure.message}`, answer.failure);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}

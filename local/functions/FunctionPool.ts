import { randomUUID } from "node:crypto";
import type { SharedOffset } from "../lab/moveDate.ts";
import { FunctionError } from "./FunctionError.ts";
import { FunctionThread, type WriteLine } from "./FunctionThread.ts";
import type { LocalFunction } from "./functionSpec.ts";

/** How long a thread beyond the first may idle, milliseconds: each holds some 30 MB. */
const IDLE_MS = 30_000;

export interface FunctionPoolOptions {
  /** The gateway's data folder. */
  readonly dataPath: string;
  /** By how much the clock is moved. */
  readonly offset: SharedOffset;
  /** Where the fake of each simulated platform's API is, by the platform's name. */
  readonly simulated: Readonly<Record<string, string>>;
  /** The most threads at once for each event source mapping of the function; a function without one has as many. */
  readonly size: number;
  readonly writeLine: WriteLine;
}

/** The threads of one function: made when they are needed, up to a limit; beyond it, invocations wait in line. */
export class FunctionPool {
  readonly spec: LocalFunction;
  /** The most invocations at once of one mapping. */
  readonly share: number;
  /** The most threads at once. */
  readonly size: number;
  readonly #options: FunctionPoolOptions;
  readonly #threads = new Set<FunctionThread>();
  readonly #idle = new Map<FunctionThread, NodeJS.Timeout>();
  readonly #waiting: PromiseWithResolvers<FunctionThread>[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #turn: Promise<unknown> | undefined;
  #closed = false;

  /** @param mappings how many event source mappings the function has: none takes another's threads */
  constructor(spec: LocalFunction, options: FunctionPoolOptions, mappings = 1) {
    this.spec = spec;
    this.share = options.size;
    this.size = options.size * Math.max(1, mappings);
    this.#options = options;
  }

  /** Starts no thread before `turn` is settled; invocations wait for it. */
  startAfter(turn: Promise<unknown>): void {
    this.#turn = turn;
  }

  /**
   * Loads the handler into a thread, unless there is one. The next invocation takes this thread, also while it loads.
   *
   * @throws FunctionError
   */
  async warmUp(): Promise<void> {
    if (this.#closed || this.#threads.size > 0) return;
    const thread = this.#start();
    this.#rest(thread);
    await thread.ready();
  }

  /** Runs the handler once. @returns its result, through JSON @throws FunctionError */
  async invoke(event: unknown): Promise<unknown> {
    const thread = await this.#take();
    const running = thread.invoke(event, randomUUID()).finally(() => this.#release(thread));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Lets what runs finish for at most `grace` milliseconds, then ends every thread. */
  async close(grace: number): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#stopping());
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, grace);
    await Promise.race([Promise.allSettled(this.#running), late.promise]);
    clearTimeout(timer);
    for (const timeout of this.#idle.values()) clearTimeout(timeout);
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  async #take(): Promise<FunctionThread> {
    if (this.#turn) await this.#turn;
    if (this.#closed) throw this.#stopping();
    for (const [thread, timer] of [...this.#idle].reverse()) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (thread.alive) return thread;
      this.#threads.delete(thread);
    }
    if (this.#threads.size < this.size) return this.#start();
    const waiting = Promise.withResolvers<FunctionThread>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  #stopping(): FunctionError {
    return new FunctionError(`${this.spec.name} was not run: the gateway stops`);
  }

  #start(): FunctionThread {
    const thread = new FunctionThread(this.spec, this.#options);
    this.#threads.add(thread);
    return thread;
  }

  #release(thread: FunctionThread): void {
    if (!thread.alive) this.#threads.delete(thread);
    if (this.#closed) return;
    const next = this.#waiting.shift();
    if (next) next.resolve(thread.alive ? thread : this.#start());
    else if (thread.alive) this.#rest(thread);
  }

  #rest(thread: FunctionThread): void {
    const timer = setTimeout(() => {
      if (this.#threads.size < 2) return;
      this.#idle.delete(thread);
      this.#threads.delete(thread);
      void thread.close();
    }, IDLE_MS);
    timer.unref();
    this.#idle.set(thread, timer);
  }
}

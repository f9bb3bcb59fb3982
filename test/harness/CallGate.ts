import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient } from "../../lib/adapter/http/HttpClient.ts";
import { serviceError } from "../../verification/simulation/aws/serviceError.ts";
import { rightsFor, type TableRights } from "./tableRights.ts";

/** Where a function is killed: at its `call`th call that leaves the process (from 0), before or after the call is made. */
export interface Crash {
  readonly call: number;
  readonly when: "before" | "after";
}

/** A function was killed. Only the test sees it: the function itself just stops. */
export class Killed extends Error {}

/**
 * Everything that leaves the process of a handler goes through here, so that a test can count the calls, and kill the
 * handler before or after any of them. A killed handler's call never comes back, so no code of it runs on.
 */
export class CallGate {
  readonly calls: string[] = [];
  /** The rights that each function needed so far. */
  readonly needed = new Map<string, Set<string>>();
  /** Which function makes a call. */
  private readonly running = new AsyncLocalStorage<string>();
  private readonly rights: TableRights;
  private readonly held: { readonly name: string; readonly reached: () => void; readonly released: Promise<void> }[] =
    [];
  private readonly failing: string[] = [];
  private crash: Crash | undefined;
  private end: ((reason: Killed) => void) | undefined;

  /** @param rights what the functions may do with the table; what is asked of it by others is allowed */
  constructor(rights: TableRights = new Map()) {
    this.rights = rights;
  }

  /** Runs one invocation, of the function of that name. Rejects with `Killed` when it is killed. */
  async invoke<Result>(work: () => Promise<Result>, by = ""): Promise<Result> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.end = reject;
    this.calls.length = 0;
    return Promise.race([this.running.run(by, work), promise]);
  }

  /** The next invocation that makes that many calls is killed there; `undefined`: none is. */
  plan(crash: Crash | undefined): void {
    this.crash = crash;
  }

  /** The invocation that runs is killed at its next call. */
  kill(): void {
    this.crash = { call: this.calls.length, when: "before" };
  }

  /** Whether the planned crash has not happened (yet). */
  get pending(): boolean {
    return this.crash !== undefined;
  }

  /** The next call of that name waits before it goes out, until it is released. `reached`: it waits. */
  hold(name: string): { readonly reached: Promise<void>; release(): void } {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.held.push({ name, reached: reached.resolve, released: released.promise });
    return { reached: reached.promise, release: released.resolve };
  }

  /** So many next calls of that name do not go out, and fail. */
  fail(name: string, times = 1): void {
    for (let time = 0; time < times; time++) this.failing.push(name);
  }

  async pass<Result>(name: string, call: () => Promise<Result>, input?: object): Promise<Result> {
    if (input) this.authorise(name, input);
    const index = this.calls.push(name) - 1;
    const hold = this.held.findIndex((one) => one.name === name);
    for (const { reached, released } of hold < 0 ? [] : this.held.splice(hold, 1)) {
      reached();
      await released;
    }
    const fails = this.failing.indexOf(name);
    if (fails >= 0) {
      this.failing.splice(fails, 1);
      throw serviceError("InternalServerError", `the service refuses ${name}`, { $fault: "server" });
    }
    if (this.crash?.call !== index) return call();
    const { when } = this.crash;
    this.crash = undefined;
    // A call that goes out is settled before the handler dies, as a request that has reached the service is.
    if (when === "after") await call().catch(() => undefined);
    this.end?.(new Killed(`killed ${when} ${name}`));
    return new Promise<never>(() => {});
  }

  /** Refuses what the role of the function that runs does not allow. */
  private authorise(name: string, input: object): void {
    const by = this.running.getStore() ?? "";
    const allowed = this.rights.get(by);
    for (const right of allowed ? rightsFor(name, input) : []) {
      if (!allowed?.has(right)) throw serviceError("AccessDeniedException", `the ${by} function may not ${right}`);
      this.needed.set(by, (this.needed.get(by) ?? new Set()).add(right));
    }
  }

  /** An HTTP client whose calls go through here. */
  http(client: HttpClient): HttpClient {
    return {
      send: (request) => this.pass(`${request.method} ${new URL(request.url).pathname}`, () => client.send(request)),
    };
  }
}

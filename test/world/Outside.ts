import type { HttpClient } from "../../lib/runtime/HttpClient.ts";

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
export class Outside {
  readonly calls: string[] = [];
  private readonly held: { readonly name: string; readonly reached: () => void; readonly released: Promise<void> }[] =
    [];
  private crash: Crash | undefined;
  private end: ((reason: Killed) => void) | undefined;

  /** Runs one invocation. Rejects with `Killed` when it is killed. */
  async invoke<Result>(work: () => Promise<Result>): Promise<Result> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.end = reject;
    this.calls.length = 0;
    return Promise.race([work(), promise]);
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

  async pass<Result>(name: string, call: () => Promise<Result>): Promise<Result> {
    const index = this.calls.push(name) - 1;
    const hold = this.held.findIndex((one) => one.name === name);
    for (const { reached, released } of hold < 0 ? [] : this.held.splice(hold, 1)) {
      reached();
      await released;
    }
    if (this.crash?.call !== index) return call();
    const { when } = this.crash;
    this.crash = undefined;
    // A call that goes out is settled before the handler dies, as a request that has reached the service is.
    if (when === "after") await call().catch(() => undefined);
    this.end?.(new Killed(`killed ${when} ${name}`));
    return new Promise<never>(() => {});
  }

  /** An HTTP client whose calls go through here. */
  http(client: HttpClient): HttpClient {
    return {
      send: (request) => this.pass(`${request.method} ${new URL(request.url).pathname}`, () => client.send(request)),
    };
  }
}

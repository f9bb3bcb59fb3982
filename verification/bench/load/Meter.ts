/** What some invocations of a function took. */
export interface Taken {
  /** Of this process: the main thread's, the compiler's and the garbage collector's. Milliseconds. */
  cpu: number;
  /** By name of the command, or `POST`. */
  readonly calls: Map<string, number>;
}

/** Adds up what invocations take, by the function's name. They must follow one another. */
export class Meter {
  private taken = new Map<string, Taken>();
  private running: Taken | undefined;
  /** When invocations ran, from and to, microseconds of the clock that profiles have; kept only where asked for. */
  windows: [number, number][] | undefined;

  /** A call leaves the process. */
  count(call: string): void {
    const calls = this.running?.calls;
    calls?.set(call, (calls.get(call) ?? 0) + 1);
  }

  async measure<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const taken = this.taken.get(name) ?? { cpu: 0, calls: new Map<string, number>() };
    this.taken.set(name, taken);
    this.running = taken;
    const from = microseconds();
    const before = process.cpuUsage();
    try {
      return await work();
    } finally {
      const { user, system } = process.cpuUsage(before);
      taken.cpu += (user + system) / 1000;
      this.windows?.push([from, microseconds()]);
      this.running = undefined;
    }
  }

  /** What was taken since the last time. */
  read(): ReadonlyMap<string, Taken> {
    const { taken } = this;
    this.taken = new Map();
    return taken;
  }
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

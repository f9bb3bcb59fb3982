import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./freePort.ts";

/** A process of the stack. `runner` is what `npm start` runs; the others are its emulators when they run on their own. */
export type Part = "runner" | "dynamodb" | "sqs";

/** `embedded`: the emulators are in the runner's process, as `npm start` has it. `apart`: each is a process of its own. */
export type Layout = "embedded" | "apart";

export interface StackOptions {
  /** The folder of the config and of the log. */
  readonly folder: string;
  /** The stack's data folder. */
  readonly dataPath: string;
  readonly configPath: string;
  /** More for the processes' environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** No start takes this long, milliseconds, however busy the machine is. */
const LONGEST_START_MS = 180_000;

const EMULATORS = ["dynamodb", "sqs"] as const;

/** The real local stack, on the same ports and the same data folder at each start. */
export class Stack {
  layout: Layout = "embedded";
  /** Each start that was waited for, milliseconds. */
  readonly startTimes: number[] = [];
  readonly #options: StackOptions;
  readonly #ports: Readonly<Record<Part, number>>;
  readonly #children = new Map<Part, ChildProcess>();
  readonly #log: number;

  private constructor(options: StackOptions, ports: Readonly<Record<Part, number>>) {
    this.#options = options;
    this.#ports = ports;
    this.#log = openSync(join(options.folder, "stack.log"), "a");
  }

  static async create(options: StackOptions): Promise<Stack> {
    const [runner, dynamodb, sqs] = [await freePort(), await freePort(), await freePort()];
    return new Stack(options, { runner, dynamodb, sqs });
  }

  /** Such as `http://127.0.0.1:8787`. */
  get url(): string {
    return `http://127.0.0.1:${this.#ports.runner}`;
  }

  /** What the CLI must have in its environment to find it. */
  get env(): Readonly<Record<string, string>> {
    return { VESPER_DATA: this.#options.dataPath };
  }

  /** The parts that run as processes now. */
  get parts(): readonly Part[] {
    return [...this.#children.keys()];
  }

  /** Starts what does not run, and waits until it answers. @returns whether it is up; false: it ended by itself, or was killed */
  async start(): Promise<boolean> {
    const before = performance.now();
    if (this.layout === "apart") {
      const ups = await Promise.all(EMULATORS.map((service) => this.#startEmulator(service)));
      if (ups.includes(false)) return false;
    }
    const runner = this.#children.get("runner") ?? this.#spawn("runner", "bin/start.js", [], this.#runnerEnv());
    while (this.#children.get("runner") === runner) {
      if (await this.#answers()) {
        this.startTimes.push(performance.now() - before);
        return true;
      }
      if (performance.now() - before > LONGEST_START_MS) throw new Error("the stack was not up after three minutes");
      await sleep(50);
    }
    return false;
  }

  /** Kills parts, all of them where none is named; resolves when they are gone. */
  async kill(...parts: readonly Part[]): Promise<void> {
    await this.#end("SIGKILL", parts.length > 0 ? parts : this.parts);
  }

  /** Kills all of it without waiting: for the end of this process. */
  killNow(): void {
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }

  /** Lets it end by itself, as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM", ["runner"]);
    await this.kill();
  }

  /** Stops a part's process for so many milliseconds, as a machine without air does. */
  async freeze(part: Part, ms: number): Promise<void> {
    const child = this.#children.get(part);
    child?.kill("SIGSTOP");
    await sleep(ms);
    child?.kill("SIGCONT");
  }

  /** The memory of all its processes together, MB. */
  memory(): number {
    return [...this.#children.values()].reduce((sum, { pid }) => sum + residentMb(pid), 0);
  }

  #runnerEnv(): Record<string, string> {
    const { dataPath, configPath } = this.#options;
    const env = {
      ...{ VESPER_PORT: String(this.#ports.runner), VESPER_CONSOLE_PORT: "0" },
      ...{ VESPER_DATA: dataPath, VESPER_CONFIG: configPath },
    };
    if (this.layout === "embedded") return env;
    const at = (part: Part) => `http://127.0.0.1:${this.#ports[part]}`;
    return { ...env, AWS_ENDPOINT_URL_DYNAMODB: at("dynamodb"), AWS_ENDPOINT_URL_SQS: at("sqs") };
  }

  async #startEmulator(service: (typeof EMULATORS)[number]): Promise<boolean> {
    if (this.#children.has(service)) return true;
    const args = [service, join(this.#options.dataPath, service), String(this.#ports[service])];
    const child = this.#spawn(service, "verification/soak/emulatorProcess.ts", args, {});
    const up = await Promise.race([once(child, "message"), once(child, "exit").then(() => undefined)]);
    return up !== undefined;
  }

  #spawn(part: Part, entry: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const root = join(import.meta.dirname, "../..");
    const child = spawn(process.execPath, [join(root, entry), ...args], {
      cwd: this.#options.folder,
      env: { ...process.env, ...this.#options.env, ...env },
      // An emulator ends with this process; the runner is just what `npm start` runs.
      stdio: ["ignore", this.#log, this.#log, ...(part === "runner" ? [] : ["ipc" as const])],
    });
    this.#children.set(part, child);
    child.once("exit", () => {
      if (this.#children.get(part) === child) this.#children.delete(part);
    });
    return child;
  }

  async #end(signal: NodeJS.Signals, parts: readonly Part[]): Promise<void> {
    const ending = parts.flatMap((part) => this.#children.get(part) ?? []);
    await Promise.all(
      ending.map(async (child) => {
        const gone = once(child, "exit");
        child.kill(signal);
        await gone;
      }),
    );
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }
}

function residentMb(pid: number | undefined): number {
  try {
    const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    // It has just ended, or this system has no /proc.
    return 0;
  }
}

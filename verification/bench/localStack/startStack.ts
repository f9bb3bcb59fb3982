import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { signWebhook } from "../../../lib/adapter/signing/standardWebhooks.ts";

const root = resolve(import.meta.dirname, "../../..");

/** Milliseconds of a tick of the CPU times in /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK = 10;

/** Where the stack is that is started. */
export interface Place {
  /** Has the `.env`; outside the repository, whose own must not be written to. */
  readonly folder: string;
  readonly config: string;
  readonly key: Buffer;
}

/** The local stack in a process of its own. */
export interface Stack {
  /** Milliseconds from the start of its process until it takes webhooks. */
  readonly up: number;
  /** Sends a message; resolves when it is taken. */
  post(conversation: string, id: string): Promise<void>;
  /** CPU that its process has taken up to now, milliseconds; NaN where the system does not tell. */
  cpu(): number;
  /** Ends it as Ctrl-C does; resolves with the milliseconds that this took. */
  stop(): Promise<number>;
}

/** Starts it as `npm start` does, without npm. */
export async function startStack({ folder, config, key }: Place): Promise<Stack> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, "bin/start.js")], {
    cwd: folder,
    env: {
      ...process.env,
      ...{ VESPER_PORT: "0", VESPER_CONSOLE_PORT: "0", VESPER_DATA: join(folder, "data"), VESPER_CONFIG: config },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const running = Promise.withResolvers<string>();
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
    const url = /Vesper runs at (\S+)/.exec(said)?.[1];
    if (url) running.resolve(url);
  });
  child.once("exit", (code) => running.reject(new Error(`the stack ended with ${code}: ${said}`)));
  const url = await running.promise;
  return {
    up: performance.now() - began,
    async post(conversation, id) {
      const body = JSON.stringify({ conversation, user: { id: "ann" }, text: "hello, I am Ann and live in Lisbon" });
      const headers = signWebhook([key], id, Date.now(), body);
      const response = await fetch(`${url}/webhooks/http`, { method: "POST", headers: { ...headers }, body });
      await response.arrayBuffer();
      if (response.status !== 202) throw new Error(`a message was answered with ${response.status}`);
    },
    cpu: () => cpuOf(child.pid),
    async stop() {
      const stopping = performance.now();
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      return performance.now() - stopping;
    },
  };
}

function cpuOf(pid: number | undefined): number {
  try {
    // After the program's name, which may hold spaces: state is the third field, user and system time the 14th and 15th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    return Number.NaN;
  }
}

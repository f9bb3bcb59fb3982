import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Milliseconds of a tick of the CPU times in /proc. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK = 10;

/** The local stack in a process of its own. */
export interface Stack {
  /** What was waited for, as it says it. */
  readonly told: string;
  /** CPU that its process has taken up to now, milliseconds; NaN where the system does not tell. */
  cpu(): number;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Starts the local stack as `npm start` does, without npm. Resolves when it has said what is waited for.
 *
 * @param folder has the `.env` and `vesper.config.ts`, and gets `data`; outside the repository, whose own must not be written to
 */
export async function startStack(folder: string, waitedFor: RegExp): Promise<Stack> {
  const [dataPath, configPath] = [join(folder, "data"), join(folder, "vesper.config.ts")];
  const settings = { VESPER_PORT: "0", VESPER_CONSOLE_PORT: "0", VESPER_DATA: dataPath, VESPER_CONFIG: configPath };
  const child = spawn(process.execPath, [join(root, "bin/start.js")], {
    cwd: folder,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = await new Promise<string>((found, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const [text] = waitedFor.exec(said) ?? [];
      if (text !== undefined) found(text);
    });
    child.once("exit", (code) => reject(new Error(`the stack ended with ${code}: ${said}`)));
  });
  return {
    told,
    cpu: () => cpuOf(child.pid),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
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

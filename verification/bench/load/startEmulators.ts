import { fork } from "node:child_process";
import { once } from "node:events";
import type { Emulators } from "./Emulators.ts";

/** Starts the emulators in a process of their own, so that this one's CPU time is the handlers'. */
export async function startEmulators(): Promise<{ readonly emulators: Emulators; stop(): void }> {
  const child = fork(new URL("emulatorProcess.ts", import.meta.url), { execArgv: [] });
  const failed = once(child, "exit").then(() => Promise.reject(new Error("the emulators did not start")));
  const [emulators]: [Emulators] | never = await Promise.race([once(child, "message") as Promise<[Emulators]>, failed]);
  return { emulators, stop: () => child.disconnect() };
}

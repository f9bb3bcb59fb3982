import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "./files/writeAtomically.ts";
import type { AccessKey } from "./http/accessKey.ts";
import type { Endpoints } from "./startEmulators.ts";

/** What `<data>/stack.json` says of a gateway that runs on this machine; the operator's tools read it. */
export interface StackFile {
  /** The process that runs it; the file of one that was killed stays behind. */
  readonly pid: number;
  readonly stackName: string;
  readonly port: number;
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly region: string;
  readonly endpoints: Endpoints;
  /** What the emulators ask for: made anew at each start. */
  readonly credentials: AccessKey;
  readonly tableName: string;
  readonly queueUrls: {
    readonly inbound: string;
    readonly inboundDeadLetter: string;
    /** By the names of the memory providers. */
    readonly sessionEnd: Readonly<Record<string, string>>;
    readonly sessionEndDeadLetter: string;
    readonly streamFailures: string;
  };
  /** How far the gateway's clock is ahead of the machine's, milliseconds. */
  readonly clockOffset: number;
  /** The stack's outputs, named as those of a deployed one. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly secretsPrefix: string;
  /** Absolute. */
  readonly configPath: string;
  /** Absolute. */
  readonly envPath: string;
  /** Absolute. */
  readonly dataPath: string;
}

const NAME = "stack.json";

/** Writes the file, whole or not at all; only its owner reads it. */
export function writeStackFile(stack: StackFile): void {
  writeAtomically(join(stack.dataPath, NAME), `${JSON.stringify(stack, null, 2)}\n`);
}

/** Removes the file: the gateway does not run any more. */
export function removeStackFile(dataPath: string): void {
  rmSync(join(dataPath, NAME), { force: true });
}

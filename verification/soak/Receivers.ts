import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type ReceivedCall, receivedCallSchema } from "./ReceivedCall.ts";
import type { ReceiverUrls } from "./writeConfig.ts";

const urlsSchema = v.object({ provider: v.string(), replies: v.string() });

const countsSchema = v.object({ counts: v.record(v.string(), v.number()) });

/** What a receiver does with its calls. */
export interface ReceiverMode {
  /** How many of a thousand calls go wrong, each in a random way; 1000: all are refused with 503. */
  readonly faults: number;
}

/** The process of the memory provider and of the replies' receiver, as the soak sees it. */
export class Receivers {
  readonly urls: ReceiverUrls;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, urls: ReceiverUrls) {
    this.#child = child;
    this.#folder = folder;
    this.urls = urls;
  }

  /** Starts it; its record goes into the folder. */
  static async start(folder: string, secret: string, seed: number): Promise<Receivers> {
    const child = fork(join(import.meta.dirname, "receiverProcess.ts"), [folder, secret, String(seed)]);
    const [first] = await once(child, "message");
    return new Receivers(child, folder, v.parse(urlsSchema, first));
  }

  /** Says how often calls shall fail from now on. @returns how often each fault was scripted so far */
  async set(modes: {
    readonly provider?: ReceiverMode;
    readonly replies?: ReceiverMode;
  }): Promise<Record<string, number>> {
    const answer = once(this.#child, "message");
    this.#child.send(modes);
    return v.parse(countsSchema, (await answer)[0]).counts;
  }

  /** Every call that was accepted so far, in order. */
  calls(name: "provider" | "replies"): readonly ReceivedCall[] {
    const path = join(this.#folder, `${name}.jsonl`);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter(Boolean).map((line) => v.parse(receivedCallSchema, JSON.parse(line)));
  }

  stop(): void {
    this.#child.kill();
  }
}

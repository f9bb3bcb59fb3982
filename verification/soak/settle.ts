import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { queueDepth } from "../../lib/queues/queueDepth.ts";
import { runCli } from "./runCli.ts";

/** Between two looks, milliseconds. */
const LOOK_MS = 5_000;

/** The sweep gives the stream five minutes, then a lost end is sealed; a lost job has as long. Twice that, milliseconds. */
const LONGEST_MS = 20 * 60_000;

/** The most that the CLI lists. */
const MOST = "1000";

const sessionsSchema = v.array(v.object({ session: v.string(), turns: v.number(), conversation: v.string() }));

const hooksSchema = v.array(v.object({ session: v.string(), provider: v.string() }));

const redriveSchema = v.object({ operation: v.nullable(v.object({ done: v.number() })) });

const urlSchema = v.union([v.string(), v.record(v.string(), v.string())]);

const stackSchema = v.object({
  queueUrls: v.record(v.string(), urlSchema),
  endpoints: v.object({ sqs: v.string() }),
  credentials: v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
});

/** How the gateway came to rest. */
export interface Settled {
  /** Whether nothing is left to do. */
  readonly settled: boolean;
  readonly seconds: number;
  /** Sessions that were ended by the CLI, hooks that were redriven by it. */
  readonly endedByCli: number;
  readonly redriven: number;
  /** Notes of stream records that were given up; the sweep has sealed their sessions. */
  readonly streamFailures: number;
  /** What is left: open sessions with turns, hooks by status (1,000 at the most), messages by queue. */
  readonly left: Readonly<Record<string, number>>;
}

/**
 * Waits until the gateway has nothing left to do: messages, sessions that end by themselves, hooks. An operator's part is
 * done by the CLI: it ends the sessions that nothing else ends, and redrives dead hooks.
 *
 * @param env by which the CLI finds the gateway
 */
export async function settle(dataPath: string, env: Readonly<Record<string, string>>): Promise<Settled> {
  const before = Date.now();
  let endedByCli = 0;
  let redriven = 0;
  for (;;) {
    const open = v.parse(sessionsSchema, await runCli(env, "sessions", "ls", "--status", "open", "--limit", MOST));
    const withTurns = open.filter(({ turns }) => turns > 0);
    const threads = withTurns.filter(({ conversation }) => /\/t\d+\//.test(conversation));
    const { streamFailures = 0, ...queues } = await depths(dataPath);
    const pending = v.parse(
      hooksSchema,
      await runCli(env, "hooks", "ls", "--status", "pending", "--limit", MOST),
    ).length;
    const dead = v.parse(hooksSchema, await runCli(env, "hooks", "ls", "--status", "dead", "--limit", MOST)).length;
    const left = {
      "open sessions with turns": withTurns.length,
      "pending hooks": pending,
      "dead hooks": dead,
      ...queues,
    };
    const settled = Object.values(left).every((count) => count === 0);
    if (settled || Date.now() - before > LONGEST_MS) {
      return { settled, seconds: Math.round((Date.now() - before) / 1000), endedByCli, redriven, streamFailures, left };
    }
    if (queues.inbound === 0) {
      for (const { session } of threads) {
        endedByCli += await runCli(env, "sessions", "end", session).then(
          () => 1,
          () => 0,
        );
      }
    }
    if (dead > 0) {
      const { operation } = v.parse(redriveSchema, await runCli(env, "hooks", "redrive", "--all", "--yes"));
      redriven += operation?.done ?? 0;
    }
    await sleep(LOOK_MS);
  }
}

async function depths(dataPath: string): Promise<Record<string, number>> {
  const stack = v.parse(stackSchema, JSON.parse(readFileSync(join(dataPath, "stack.json"), "utf8")));
  const { credentials } = stack;
  const client = new SQSClient({ region: "us-east-1", credentials, endpoint: stack.endpoints.sqs });
  const counts: Record<string, number> = {};
  for (const [name, found] of Object.entries(stack.queueUrls)) {
    // The session-end queues are one for each provider.
    for (const url of typeof found === "string" ? [found] : Object.values(found)) {
      const { waiting, inFlight } = await queueDepth({ client, url });
      counts[name] = (counts[name] ?? 0) + waiting + inFlight;
    }
  }
  client.destroy();
  return counts;
}

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { cpus, platform, tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { check } from "./check.ts";
import { disturbReceivers } from "./disturbReceivers.ts";
import { Faults } from "./Faults.ts";
import { mountData } from "./mountData.ts";
import { Platform } from "./Platform.ts";
import { prepareClock } from "./prepareClock.ts";
import { Receivers } from "./Receivers.ts";
import type { Report } from "./Report.ts";
import type { SoakOptions } from "./readOptions.ts";
import { Stack } from "./Stack.ts";
import { settle } from "./settle.ts";
import { Traffic } from "./Traffic.ts";
import { writeConfig } from "./writeConfig.ts";

/** Between two lines of progress, milliseconds. */
const PROGRESS_MS = 30_000;

/** Between two looks at the memory, milliseconds. */
const MEMORY_MS = 1_000;

/** Runs a soak from the first message to the verdict. @param print writes a line for a person */
export async function runSoak(options: SoakOptions, print: (line: string) => void): Promise<Report> {
  const { minutes, seed, rate, only } = options;
  const date = new Date().toISOString();
  const folder = options.folder === undefined ? mkdtempSync(join(tmpdir(), "vesper-soak-")) : resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const dataPath = join(folder, "data");
  const clock = prepareClock(folder);
  const mount = mountData(dataPath);
  const skipped = [...(typeof clock === "string" ? [clock] : []), ...(typeof mount === "string" ? [mount] : [])];
  for (const why of skipped) print(`SKIPPED: ${why}`);
  print(`everything is in ${folder}`);

  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const receivers = await Receivers.start(folder, secret, seed);
  const configPath = writeConfig(folder, secret, receivers.urls);
  const env = typeof clock === "string" ? {} : clock.env;
  const stack = await Stack.create({ folder, dataPath, configPath, env });
  const killAll = () => stack.killNow();
  process.once("exit", killAll);
  const faults = new Faults({
    ...{ stack, seed, only },
    mount: typeof mount === "string" ? undefined : mount,
    clock: typeof clock === "string" ? undefined : clock,
  });
  const platformSide = new Platform(stack.url, secret);
  const stepsBack = () => (typeof clock === "string" ? 0 : clock.stepsBack);
  const traffic = new Traffic({ platform: platformSide, seed, rate, stepsBack });
  const memory: number[] = [];
  const ending = new AbortController();
  const began = Date.now();
  const progress = setInterval(() => {
    const kills = Object.entries(faults.counts).filter(([kind]) => kind.includes("kill"));
    print(
      [
        `${Math.round((Date.now() - began) / 1000)} s`,
        `${traffic.sent.length} messages, ${traffic.unacknowledged} not acknowledged yet`,
        `${receivers.calls("provider").length} provider calls, ${receivers.calls("replies").length} replies`,
        `${kills.reduce((sum, [, count]) => sum + count, 0)} kills, ${Math.round(memory.at(-1) ?? 0)} MB`,
      ].join("; "),
    );
  }, PROGRESS_MS);
  const watch = setInterval(() => memory.push(stack.memory()), MEMORY_MS);
  try {
    await faults.start();
    const making = faults.run();
    const disturbing = disturbReceivers(receivers, seed, ending.signal);
    const sending = traffic.run();
    await Promise.race([sleep(minutes * 60_000), making, disturbing, sending]);
    const end = traffic.end();
    ending.abort();
    faults.end();
    const receiverFaults = await disturbing;
    await Promise.all([making, sending, end]);
    print("all faults are over; waiting until nothing is left to do");
    const settled = await settle(dataPath, { ...env, ...stack.env });
    await stack.stop();
    const made = Object.values(faults.counts).reduce((sum, count) => sum + count, 0);
    const verdict = check(traffic.sent, receivers.calls("provider"), receivers.calls("replies"), made);
    const { lost, doubled, misplaced, unanswered, misanswered, ...figures } = verdict;
    const fifth = Math.ceil(memory.length / 5);
    const times = [...stack.startTimes].sort((a, b) => a - b);
    const report: Report = {
      ...{ seed, date, machine: `${cpus().length} cores, ${gigabytes()} GB, ${platform()}`, minutes, rate, skipped },
      messages: {
        sent: traffic.sent.length,
        repeated: traffic.sent.filter(({ attempts }) => attempts > 1).length,
        redelivered: traffic.redelivered,
      },
      conversations: traffic.conversations,
      ...{ ...figures, faults: faults.counts, receiverFaults },
      starts: { count: times.length, median: seconds(times[times.length >> 1]), longest: seconds(times.at(-1)) },
      memory: { start: most(memory.slice(0, fifth)), end: most(memory.slice(-fifth)) },
      settled,
      violations: {
        ...{ lost, doubled, misplaced, unanswered, misanswered },
        refused: platformSide.refusals,
        unsettled: settled.settled ? [] : [JSON.stringify(settled.left)],
        "failed starts": faults.failedStarts > 0 ? [`${faults.failedStarts}: see stack.log`] : [],
      },
    };
    // It is memory; whoever looks for the cause of a violation wants it.
    const isGood = Object.values(report.violations).every((cases) => cases.length === 0);
    if (typeof mount !== "string" && isGood) mount.unmount();
    writeFileSync(join(folder, "sent.json"), JSON.stringify(traffic.sent));
    writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } finally {
    clearInterval(progress);
    clearInterval(watch);
    await stack.kill();
    receivers.stop();
    process.off("exit", killAll);
  }
}

function gigabytes(): number {
  return Math.round(totalmem() / 2 ** 30);
}

function seconds(ms = 0): number {
  return Math.round(ms / 100) / 10;
}

function most(values: readonly number[]): number {
  return Math.round(Math.max(0, ...values));
}

import type { Settled } from "./settle.ts";

/** What a soak found out; written as JSON beside its data. */
export interface Report {
  readonly seed: number;
  /** When it began, ISO 8601. */
  readonly date: string;
  readonly machine: string;
  /** Of traffic and faults. */
  readonly minutes: number;
  readonly rate: number;
  /** What this machine could not do, in words. */
  readonly skipped: readonly string[];
  readonly messages: { readonly sent: number; readonly repeated: number; readonly redelivered: number };
  readonly conversations: number;
  readonly sessions: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly receiverFaults: Readonly<Record<string, number>>;
  /** Calls that were accepted, repetitions included. */
  readonly attempts: { readonly provider: number; readonly replies: number };
  readonly repliesDoubled: number;
  readonly failedTurns: number;
  readonly reordered: number;
  /** Seconds from the kill's start to an answer. */
  readonly starts: { readonly count: number; readonly median: number; readonly longest: number };
  /** The most that all processes of the stack held together in the first and in the last fifth of the run, MB. */
  readonly memory: { readonly start: number; readonly end: number };
  readonly settled: Settled;
  /** What must not be: each list names the cases. The run has failed when one is not empty. */
  readonly violations: Readonly<Record<string, readonly string[]>>;
}

/** How many cases of a violation are shown. */
const SHOWN = 10;

/** The report for a person. */
export function describeReport(report: Report): string {
  const { messages, settled, starts, memory, violations, attempts } = report;
  const lines: [string, string][] = [
    ["run", `${report.minutes} minutes, seed ${report.seed}, ${report.rate}/s, ${report.date}, ${report.machine}`],
    [
      "messages",
      `${messages.sent}, ${messages.repeated} repeated until acknowledged, ${messages.redelivered} redelivered`,
    ],
    ["conversations", String(report.conversations)],
    ["sessions delivered", `${report.sessions} (${list(report.reasons)})`],
    ["stack's faults", list(report.faults)],
    ["receivers' faults", list(report.receiverFaults)],
    ["provider", `${attempts.provider} calls accepted for ${report.sessions} sessions`],
    ["replies", `${attempts.replies} accepted, ${report.repliesDoubled} of them doubled`],
    ["turns failed", `${report.failedTurns}: killed at every attempt, the user was told`],
    ["reordered by clock", `${report.reordered} transcripts of messages without a time of their own`],
    ["starts", `${starts.count}, ${starts.median} s in the middle, ${starts.longest} s the longest`],
    ["memory", `${memory.start} MB at the start, ${memory.end} MB at the end`],
    ["settled", `${settled.settled ? "yes" : "NO"}, after ${settled.seconds} s; left: ${list(settled.left)}`],
    ["operator", `${settled.endedByCli} sessions ended, ${settled.redriven} dead hooks redriven`],
    ["stream", `${settled.streamFailures} batches of records given up, left to the sweep`],
    ...Object.entries(violations).map(([name, cases]): [string, string] => [name, String(cases.length)]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const cases = Object.entries(violations).flatMap(([name, found]) =>
    found.slice(0, SHOWN).map((one) => `  ${name}: ${one}`),
  );
  return [
    ...report.skipped.map((why) => `SKIPPED: ${why}`),
    ...lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...cases,
  ].join("\n");
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

import { fork } from "node:child_process";
import { once } from "node:events";
import { assumptions } from "../cost/assumptions.ts";
import { dollars, perMillion } from "../cost/bill.ts";
import { prices } from "../cost/prices.ts";
import { table } from "../cost/table.ts";
import { designs } from "../growth/designs.ts";
import { simulate } from "../growth/simulate.ts";
import { type Figures, machine } from "./figures.ts";

/**
 * `npm run bench [CHAT_SDK]`: every benchmark, one after another, then one table of what they measured beside what is aimed at.
 * CHAT_SDK is the folder of the alternative that verification/bench/alternatives.ts measures; without it that line is missing.
 */

const chatSdk = process.argv[2];

/** Each in a process of its own, so that none warms the code of another. */
const benchmarks: readonly (readonly [script: string, ...args: string[]])[] = [
  ["importTime.ts", "20"],
  ["firstCall.ts"],
  ["load.ts"],
  ["localStack.ts"],
  ["memory.ts"],
  ["herd.ts"],
  ["isolation.ts"],
  ["redrive.ts"],
  ...(chatSdk === undefined ? [] : ([["alternatives.ts", chatSdk]] as const)),
];

/** Seconds of an agent that asks a model. */
const MODEL_S = 3;

/** Sessions that fall due in one minute, with the settings that docs/operate/growth.md gives for that many. */
const HERD = 100_000;

const MONTH = { sessions: 1e5, messages: 1e6, providers: 1 };

let measured: Figures = {};
for (const [script, ...args] of benchmarks) measured = { ...measured, ...(await run(script, args)) };

const bill = {
  message: perMillion.messages,
  long: perMillion.longMessages,
  slow: perMillion.messages + MODEL_S * assumptions.memory.message * prices.gbSecond.dollars * 1e6,
  session: perMillion.sessions,
  month: dollars(MONTH),
  monthByUrl: dollars({ ...MONTH, door: "function-url" }),
};
const widest = designs.at(-1);
const herd = widest && simulate(widest, HERD);

/** What was measured, and what is aimed at. */
type Row = readonly [figure: string, value: number | undefined, unit: string, aim: string];

const rows: readonly Row[] = [
  ["a million messages of 1 KB", bill.message, "$", "≤ 4.5"],
  ["the same by a function URL", perMillion.messagesByUrl, "$", "≤ 4.5"],
  ["a million messages of 3 KB", bill.long, "$", "≤ 6"],
  [`a million messages of 1 KB with an agent of ${MODEL_S} s beside its model`, bill.slow, "$", "≤ 9"],
  ["a million sessions, one provider", bill.session, "$", "≤ 9"],
  ["100 000 sessions and a million messages, a month", bill.month, "$", "≤ 14"],
  ["the same by a function URL", bill.monthByUrl, "$", "≤ 14"],
  ["own CPU of a message", measured.messageMs, "ms", "≤ 4.5"],
  ["own CPU of a session's end", measured.sessionEndMs, "ms", "≤ 5.5"],
  ["CPU of a message of Chat SDK, which stores nothing", measured.chatSdkMs, "ms", ""],
  ["webhook: import and first call, by the clients' own", measured.coldRatio, "times", "≤ 0.6"],
  ["webhook: first call beside its import", measured.firstCallMs, "ms", "≤ 40"],
  ...["webhook", "message", "expiry", "session-end"].map(
    (name): Row => [`${name}: import, by the clients' own`, measured[`${name} import`], "times", ""],
  ),
  ["local stack: replies a second", measured.repliesPerSecond, "", "≥ 150"],
  ["local stack: a message alone, median", measured.aloneMs, "ms", "≤ 20"],
  ["local stack: first answer", measured.firstAnswerMs, "ms", "≤ 400"],
  [`${HERD} sessions due in one minute: 99 of 100 late by at most`, herd?.lateness, "s", "≤ 60"],
  [`${HERD} sessions due in one minute: all delivered after`, herd?.delivered, "s", "≤ 600"],
];

console.log(`\n${machine()}\n`);
console.log(
  table(
    ["figure", "now", "unit", "aim"],
    rows.map(([figure, value, unit, aim]) => [figure, shown(value), unit, aim]),
    true,
  ),
);

function shown(value: number | undefined): string {
  return value === undefined ? "not measured" : String(Number(value.toPrecision(3)));
}

/** Shows what it says, and answers its figures. A benchmark that fails ends it all. */
async function run(script: string, args: readonly string[]): Promise<Figures> {
  console.log(`\n# ${script} ${args.join(" ")}`);
  const child = fork(new URL(script, import.meta.url), args, { execArgv: ["--expose-gc"] });
  let figures: Figures = {};
  child.on("message", (told: Figures) => {
    figures = { ...figures, ...told };
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return figures;
}

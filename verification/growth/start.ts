import { table } from "../cost/table.ts";
import { designs, now } from "./designs.ts";
import { type Outcome, simulate } from "./simulate.ts";
import { steady } from "./steady.ts";

/**
 * `npm run growth [SESSIONS …]`: how long a herd of sessions that fall due in one moment, as at a daily reset, takes to be
 * ended, sealed and delivered; now, with other settings, and as docs/operate/growth.md proposes. In virtual time: see growth/simulate.ts.
 */
const given = process.argv.slice(2).map(Number).filter(Number.isFinite);

const head = ["design", "p99 late", "sealed", "delivered", "others wait", "enqueued again"];

for (const sessions of given.length > 0 ? given : [1e4, 1e5, 1e6]) {
  console.log(`${sessions.toLocaleString("en-US")} sessions due in one moment`);
  const rows = designs.map((design) => [design.name, ...cells(simulate(design, sessions))]);
  console.log(`${table(head, rows, false)}\n`);
}

const { visits, live, deliveries, purges } = steady(now);

console.log(`for ever, as it is now:
  ${Math.round(visits)} visits a second: ${round(live)} live sessions that end once a day
  ${Math.round(deliveries)} deliveries a second, with a provider that takes ${now.provider} s
  ${round(purges)} sessions a day deleted by retention`);

function round(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString("en-US");
}

function cells({ lateness, sealed, delivered, others, repeated }: Outcome): readonly string[] {
  return [...[lateness, sealed, delivered, others].map(duration), repeated.toLocaleString("en-US")];
}

function duration(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return "never";
  if (seconds < 120) return `${Math.max(0, Math.ceil(seconds))} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

import { playIsolation } from "./isolation/playIsolation.ts";

/**
 * `npm run bench:isolation`: what a provider that hangs does to a quick one, and what it costs. At once 50,000 sessions
 * have ended whose provider takes a call and does not answer within 30 s; one a second ends whose provider answers at
 * once. The session-end function and the sweep run on the simulation's model of AWS in virtual time: an hour of the
 * outage, and the hour after it where there is a breaker. Fails when the gateway's own design, the first one, misses its aims. Arguments: how many
 * jobs the dead provider has.
 */

const [jobs = 50_000] = process.argv.slice(2).map(Number);

/** The quick provider's wait of 99 sessions of 100, milliseconds. */
const MOST_WAIT = 5_000;

const DESIGNS = [
  ["a queue and a breaker a provider", { ownQueues: true, breaker: true }],
  ["a queue a provider", { ownQueues: true, breaker: false }],
  ["one queue for all, fair by provider", { ownQueues: false, breaker: false }],
] as const;

let failed = false;

for (const [name, design] of DESIGNS) {
  const { waits, attempts, openFrom, resumed, left, wrong } = await playIsolation(design, jobs);
  const open = openFrom === undefined ? [] : attempts.slice(openFrom);
  const perMinute = open.reduce((sum, count) => sum + count, 0) / open.length;
  const burnt = attempts.reduce((sum, count) => sum + count, 0);
  console.log(`\n${name}
  quick provider: wait of 99 sessions of 100 ${seconds(at(waits, 0.99))}, median ${seconds(at(waits, 0.5))}, longest ${seconds(at(waits, 1))}
  dead provider: ${burnt} attempts in the hour${open.length > 0 ? `; once open ${perMinute.toFixed(2)} a minute, at most ${Math.max(...open)}` : ""}`);
  if (design.breaker) {
    console.log(
      `  when it is back: half of those not tried before delivered after ${seconds(at(resumed, 0.5))}, all after ${seconds(at(resumed, 1))}; ${left} left after an hour`,
    );
  }
  for (const what of wrong) console.error(`  WRONG: ${what}`);
  const isOurs = design.breaker;
  failed ||= isOurs && (wrong.length > 0 || left > 0 || !(at(waits, 0.99) <= MOST_WAIT) || !(perMinute <= 1));
}

process.exitCode = failed ? 1 : 0;

/** The value below which that share of them lies. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function seconds(milliseconds: number): string {
  return milliseconds < 120_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
}

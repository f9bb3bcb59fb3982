import { machine, tellFigures } from "./figures.ts";
import { Handlers } from "./load/Handlers.ts";
import { Meter, type Taken } from "./load/Meter.ts";
import { profile } from "./load/profile.ts";
import { startEmulators } from "./load/startEmulators.ts";
import { median } from "./median.ts";

/**
 * `npm run bench:load`: the CPU that the functions themselves take for a message and for the end of a session, and
 * whether their memory stays flat. The handlers run here one invocation after another, as Lambda runs them, with the real
 * AWS SDK over HTTP; what they call runs in another process, so this one's CPU time while an invocation runs is the
 * function's own. Fails when the heap grows. An argument says how many messages are played.
 */

const MESSAGES = Number(process.argv[2] ?? 20_000);

const ROUNDS = 20;

const SESSIONS = Math.ceil(MESSAGES / ROUNDS / 2);

/** Rounds until code and caches are warm; they are not counted. */
const WARM_UP = 3;

/** Growth that says nothing, bytes: compiled code and caches come and go. */
const NOISE = 2_000_000;

/** The growth from which on memory is not flat, bytes a message: a turn that is held on to would be a kilobyte. */
const MOST_GROWTH = 100;

const collect = globalThis.gc;

if (!collect) throw new Error("start it with --expose-gc");

const { emulators, stop } = await startEmulators();

const meter = new Meter();

const handlers = new Handlers(emulators, meter);

const rounds: ReadonlyMap<string, Taken>[] = [];

const heaps: number[] = [];

for (let round = 0; round < ROUNDS; round++) {
  await play(round);
  rounds.push(meter.read());
  collect();
  heaps.push(process.memoryUsage().heapUsed);
}

const shares = await profile(meter, () => play(ROUNDS));

stop();

const ended = (ROUNDS + 1) * SESSIONS;

if (handlers.delivered !== ended) throw new Error(`${handlers.delivered} of ${ended} sessions were delivered`);

console.log(machine());

console.log(`${ROUNDS} rounds of ${SESSIONS} sessions of two messages, medians of the last ${ROUNDS - WARM_UP}\n`);

const message = tell("a message", ["webhook", "message"], 2 * SESSIONS);

const end = tell("a session's end", ["expiry (sweep)", "expiry (stream)", "session-end"], SESSIONS);

console.log(`\none core carries ${(1000 / message).toFixed(0)} messages or ${(1000 / end).toFixed(0)} ends a second`);

console.log(`whose CPU it is: ${shares.map(([owner, share]) => `${owner} ${(share * 100).toFixed(0)} %`).join(", ")}`);

const early = median(heaps.slice(WARM_UP, WARM_UP + 5));

const late = median(heaps.slice(-5));

const between = (ROUNDS - WARM_UP - 5) * 2 * SESSIONS;

console.log(`heap after collecting: ${mb(early)} MB, ${mb(late)} MB after ${between} more messages`);

tellFigures({ messageMs: message, sessionEndMs: end });

if (late - early > NOISE + MOST_GROWTH * between) {
  console.error(`the heap grows by more than ${MOST_GROWTH} bytes a message`);
  process.exitCode = 1;
}

async function play(round: number): Promise<void> {
  for (const text of ["hello, I am Ann and I live in Lisbon", "what should I read next?"]) {
    for (let session = 0; session < SESSIONS; session++) {
      handlers.now += 10;
      await handlers.message(`chat-${session}`, `${round}/${session}/${text.length}`, text);
    }
  }
  handlers.now += 31 * 60_000;
  await handlers.end();
}

/** Says what each of the functions took for one of `count`; answers what they took together, milliseconds. */
function tell(what: string, functions: readonly string[], count: number): number {
  const warm = rounds.slice(WARM_UP);
  const each = functions.map((name) => {
    const all = warm.map((round) => round.get(name)?.cpu ?? 0).map((cpu) => cpu / count);
    const calls = warm.at(-1)?.get(name)?.calls ?? new Map<string, number>();
    return { name, cpu: median(all), calls: [...calls].map(([call, times]) => [call, times / count] as const) };
  });
  const sum = each.reduce((total, { cpu }) => total + cpu, 0);
  const calls = each.flatMap((one) => one.calls).reduce((total, [, times]) => total + times, 0);
  console.log(`${what}: ${sum.toFixed(2)} ms CPU, ${calls.toFixed(2)} calls, ${(sum / calls).toFixed(2)} ms a call`);
  for (const { name, cpu, calls } of each) {
    const list = calls.map(([call, times]) => `${Number(times.toFixed(2))} ${call.replace("Command", "")}`).join(", ");
    console.log(`  ${name}: ${cpu.toFixed(2)} ms; ${list}`);
  }
  return sum;
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

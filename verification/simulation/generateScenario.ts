import { withCrowd } from "./crowd.ts";
import { FAULT_KINDS, type FaultKind, type FaultRates } from "./Faults.ts";
import { generateCrowd } from "./generateCrowd.ts";
import { works } from "./generateWork.ts";
import { Random } from "./Random.ts";
import type { Action, Outage, Say, Scenario, Variant } from "./Scenario.ts";

const SECOND = 1_000;

const MINUTE = 60_000;

const HOUR = 3_600_000;

const DAY = 24 * HOUR;

/** One before the clocks in Berlin go forward, one on a plain day. */
const STARTS: readonly [number, number] = [Date.parse("2026-03-29T00:50:00Z"), Date.parse("2026-03-02T09:50:00Z")];

const IDLES: readonly [string, ...string[]] = ["90s", "3m", "10m", "30m", "2h"];

/** How often a kind of fault may happen at the most, by what it is counted against; 0.1 unless listed. */
const MOST: Readonly<Partial<Record<FaultKind, number>>> = {
  killed: 0.3,
  providerFails: 0.5,
  providerLies: 0.4,
  streamRepeated: 0.4,
  redelivered: 0.4,
  overtaken: 0.3,
  sweepMissing: 0.5,
  sweepTwice: 0.4,
  sweepLate: 0.5,
  startedLate: 0.3,
  receiptThrottled: 0.8,
  frozen: 0.2,
  notDeleted: 0.2,
  indexLate: 0.3,
  staleRead: 0.5,
  leftOut: 0.5,
  entryRefused: 0.2,
  queuedTwice: 0.3,
  arrivedLate: 0.6,
  platformFails: 0.5,
  streamLate: 0.3,
  operatorStops: 0.5,
};

/** Milliseconds; most are a twentieth of it at the most. */
const LONGEST_OUTAGES: Readonly<Record<Outage["what"], number>> = {
  stream: 30 * HOUR,
  schedules: 3 * HOUR,
  message: 5 * MINUTE,
  sessionEnd: 2 * HOUR,
  provider: 26 * HOUR,
  "silent-provider": 26 * HOUR,
  platform: 10 * MINUTE,
  table: 3 * MINUTE,
};

/** The share of scenarios in which many sessions end at once while a provider hangs. */
const CROWDS = 0.02;

/** Makes up a scenario; the same seed makes the same one. */
export function generateScenario(seed: string): Scenario {
  if (new Random(`kind/${seed}`).chance(CROWDS)) return generateCrowd(seed);
  const random = new Random(`story/${seed}`);
  const start = random.pick(STARTS);
  const first = variant(random);
  const variants: [Variant, ...Variant[]] = [first];
  if (random.chance(0.15)) variants.push(variant(random, first));
  const work = works(seed, variants);
  const scale = random.chance(0.06) ? 200 : random.chance(0.15) ? 12 : 1;
  const says = conversations(random, start, first, scale);
  // A long reply in pieces of twelve would be more calls than a message has tries and time for.
  const shortChunk = says.some(({ text }) => text.startsWith(LONG)) ? 300 : 12;
  const end = Math.max(start, ...says.map(({ at }) => at));
  return withCrowd({
    seed,
    start,
    variants: work.variants,
    actions: [
      ...says,
      ...operators(random, start, end, says, variants.length),
      ...resends(seed, start, end),
      ...replays(seed, start, end, variants),
    ].sort((a, b) => a.at - b.at),
    outages: outages(random, start, end),
    rates: { ...rates(random), ...discards(seed), ...work.rates },
    ttl: random.pick(["usual", "usual", "prompt", "off"]),
    skew: random.chance(0.5) ? 0 : 1_000,
    pageSize: random.chance(0.1) ? 2 : 1_000,
    chunk: random.chance(0.3) ? shortChunk : 4_000,
    ...(random.chance(0.05) ? { outlives: true } : {}),
    without: [],
  });
}

function variant(random: Random, like?: Variant): Variant {
  const idle = random.pick(IDLES);
  const daily = { at: random.pick(["03:00", "11:00", "02:30"]), timeZone: "Europe/Berlin" };
  const policy = random.pick([
    { idle },
    { idle },
    { idle },
    { idle, daily },
    { daily },
    { idle, maxAge: random.pick(["5m", "20m"]) },
    "none" as const,
  ]);
  return {
    providers: random.pick([["crm"], ["crm"], ["crm", "builtin"], ["builtin"]]),
    sessions: { default: policy },
    groups: like?.groups ?? random.pick(["per-member", "shared"]),
    notices: { reset: random.chance(0.5) },
    ...(random.chance(0.5) ? { hooks: { retry: ["10s", "30s", "2m"] } } : {}),
    retention: "8d",
  };
}

/** Everything that is written, in the order of writing. */
function conversations(random: Random, start: number, { sessions, groups }: Variant, scale: number): readonly Say[] {
  const policy = sessions?.default;
  const idle = typeof policy === "object" && policy.idle !== undefined ? milliseconds(policy.idle) : 10 * MINUTE;
  const says: Say[] = [];
  const chats = random.pick([1, 1, 1, 2]);
  for (let chat = 0; chat < chats; chat++) {
    const chatType = random.chance(0.25) ? "group" : "dm";
    const timed = random.chance(0.75);
    const bot = random.chance(0.15);
    let at = start + random.whole(0, 5 * MINUTE);
    const count = random.whole(1, chats > 1 ? 3 : 6);
    for (let index = 0; index < count; index++) {
      const user = chatType === "group" && random.chance(0.5) ? "bob" : "ann";
      const post = bot && random.chance(0.4);
      says.push({
        does: "say",
        at,
        chat: `chat${chat}`,
        chatType,
        user: groups === "shared" || chatType === "group" ? user : `ann${chat}`,
        // Not in the order of writing, as ids need not be.
        messageId: `${random.pick(["a", "k", "z"])}${chat}-${index}`,
        text: post ? `post ${chat}.${index}` : words(random, `${chat}.${index}`),
        timed,
        role: post && random.chance(0.5) ? "assistant" : "user",
        origin: post ? "scheduled" : "chat",
      });
      at += gap(random, idle, scale);
    }
  }
  return says.sort((a, b) => a.at - b.at);
}

function words(random: Random, name: string): string {
  const drawn = random.next();
  if (drawn < 0.06) return "/reset";
  if (drawn < 0.1) return `/new topic ${name}`;
  if (drawn < 0.12) return "/new";
  if (drawn < 0.16) return "/memory off";
  if (drawn < 0.2) return "/memory on";
  if (drawn < 0.3) return `My name is Name${name.replace(".", "x")}`;
  return drawn < 0.4 ? `${LONG}word ${name}` : `word ${name}`;
}

/** What makes a turn's words long enough to be packed; it and its answer are more than a write unit. */
const LONG = Array.from({ length: 14 }, (_, part) => `${part}: Ærligt talt, det er længe siden, `).join("");

/** The most is learnt around the moment when a session ends. */
function gap(random: Random, idle: number, scale: number): number {
  const drawn = random.next();
  if (drawn < 0.05) return 0;
  if (drawn < 0.4) return random.whole(0, 40 * SECOND);
  if (drawn < 0.65) return idle + random.whole(-4 * SECOND, 4 * SECOND);
  if (drawn < 0.75) return MINUTE + random.whole(-5 * SECOND, 15 * SECOND);
  if (drawn < 0.9) return Math.floor(idle * (1 + 2 * random.next()));
  return Math.floor(idle * random.next()) + scale * random.whole(0, 20 * MINUTE);
}

function operators(random: Random, start: number, end: number, says: readonly Say[], variants: number): Action[] {
  const actions: Action[] = [];
  const when = () => start + Math.floor(random.next() * (end - start + HOUR));
  if (random.chance(0.2)) actions.push({ does: "end", at: when(), chat: says[0]?.chat ?? "" });
  for (const does of ["redrive", "move", "moveInbound", "empty"] as const) {
    if (random.chance(0.12)) actions.push({ does, at: when() });
    if (random.chance(0.06)) actions.push({ does, at: when() });
  }
  if (variants > 1) actions.push({ does: "deploy", at: when(), variant: 1 });
  return actions;
}

/** Drawn apart, so that the rest of a scenario is as it was before there were any. */
function resends(seed: string, start: number, end: number): readonly Action[] {
  const random = new Random(`resends/${seed}`);
  if (!random.chance(0.2)) return [];
  return [1, 2].map(() => ({ does: "resend", at: start + Math.floor(random.next() * (end - start + HOUR)) }));
}

/** Drawn apart, too. What is replayed is mostly what a provider does not have that came later. */
function replays(seed: string, start: number, end: number, variants: Scenario["variants"]): readonly Action[] {
  const random = new Random(`replays/${seed}`);
  if (!random.chance(variants.length > 1 ? 0.6 : 0.04)) return [];
  const providers = variants.at(-1)?.providers ?? [];
  const at = start + Math.floor(random.next() * (end - start + 3 * HOUR));
  const times = random.chance(0.3) ? [at, at + random.whole(0, SECOND)] : [at];
  const again = random.chance(0.3);
  return times.map((time) => ({ does: "replay", at: time, provider: providers.at(-1) ?? "crm", again }));
}

/** How often operators give hooks up. Drawn apart, too. */
function discards(seed: string): FaultRates {
  const random = new Random(`discards/${seed}`);
  if (!random.chance(0.12)) return {};
  return { discarded: 0.3 * random.next(), restored: random.next() };
}

function outages(random: Random, start: number, end: number): readonly Outage[] {
  const found: Outage[] = [];
  for (const [what, most] of Object.entries(LONGEST_OUTAGES)) {
    if (!random.chance(0.07)) continue;
    const from = start + Math.floor(random.next() * (end - start));
    const length = Math.floor(most * random.next() * (random.chance(0.7) ? 0.05 : 1));
    found.push({ what: what as Outage["what"], from, to: from + length });
  }
  // Longer than transcripts are kept: of a provider, or of all that ends sessions.
  const long = { from: start, to: start + 10 * DAY };
  if (random.chance(0.005)) found.push({ what: "provider", ...long });
  if (random.chance(0.005)) found.push({ what: "stream", ...long }, { what: "schedules", ...long });
  return found;
}

/** None, a few that happen often, or many that happen seldom: where everything fails at once little is learnt. */
function rates(random: Random): FaultRates {
  const drawn = random.next();
  const share = drawn < 0.2 ? 0 : drawn < 0.6 ? 0.1 : random.pick([0.2, 0.5]);
  const strength = drawn < 0.6 ? 2 : 1;
  const found: Partial<Record<FaultKind, number>> = {};
  for (const kind of FAULT_KINDS) {
    // What is on its way when a function dies is only seen where functions die.
    const often = kind === "arrivedLate" && found.killed !== undefined ? 0.5 : share;
    if (random.chance(often)) found[kind] = Math.min(0.8, strength * (MOST[kind] ?? 0.1) * random.next());
  }
  return found;
}

function milliseconds(duration: string): number {
  const unit = { s: SECOND, m: MINUTE, h: HOUR }[duration.at(-1) ?? ""] ?? Number.NaN;
  return Number(duration.slice(0, -1)) * unit;
}

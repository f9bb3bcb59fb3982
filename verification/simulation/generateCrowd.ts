import type { FaultRates } from "./Faults.ts";
import { Random } from "./Random.ts";
import type { Outage, Say, Scenario } from "./Scenario.ts";

const SECOND = 1_000;

const MINUTE = 60_000;

const START = Date.parse("2026-03-02T09:50:00Z");

/** More than the simulation delivers at once to a provider, and so many that one which hangs is busy for minutes. */
const LEAST = 10;

const MOST = 16;

/**
 * Makes up a scenario in which a crowd of sessions ends at about the same time, while one of the two providers hangs, or
 * fails; the same seed makes the same one.
 */
export function generateCrowd(seed: string): Scenario {
  const random = new Random(`crowd/${seed}`);
  const chats = random.whole(LEAST, MOST);
  const to = START + random.whole(5 * MINUTE, 120 * MINUTE);
  const rates: FaultRates = random.chance(0.5)
    ? {}
    : { providerFails: random.next() / 2, providerLies: random.next() / 2 };
  const what: Outage["what"] = random.chance(0.8) ? "silent-provider" : "provider";
  return {
    seed,
    start: START,
    variants: [
      {
        providers: ["crm", "builtin"],
        sessions: { default: { idle: "90s" } },
        ...(random.chance(0.5) ? { hooks: { retry: ["10s", "30s", "2m"] } } : {}),
        retention: "8d",
      },
    ],
    actions: Array.from({ length: chats }, (_, chat) => say(random, chat)).sort((a, b) => a.at - b.at),
    outages: [{ what, from: START, to }],
    rates,
    ttl: "usual",
    skew: random.chance(0.5) ? 0 : 1_000,
    pageSize: 1_000,
    chunk: 4_000,
    without: [],
  };
}

function say(random: Random, chat: number): Say {
  return {
    does: "say",
    at: START + random.whole(0, 5 * SECOND),
    chat: `chat${chat}`,
    chatType: "dm",
    user: `ann${chat}`,
    messageId: `a${chat}-0`,
    text: `My name is Name${chat}x0`,
    timed: true,
    role: "user",
    origin: "chat",
  };
}

import { Random } from "./Random.ts";
import type { Action, Outage, Say, Scenario } from "./Scenario.ts";

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

/** How many scenarios have one. */
const SHARE = 0.06;

/**
 * Adds to some scenarios more chats than their provider's breaker lets through while it is down, and an operator who brings
 * their hooks forward. Drawn apart, so that the rest of a scenario stays as it is.
 */
export function withCrowd(scenario: Scenario): Scenario {
  const random = new Random(`crowd/${scenario.seed}`);
  if (!random.chance(SHARE)) return scenario;
  const from = scenario.start;
  const outage: Outage = {
    what: random.pick(["provider", "provider", "silent-provider"]),
    from,
    to: from + Math.floor(random.pick([30 * MINUTE, 2 * HOUR, 6 * HOUR]) * (0.5 + random.next())),
  };
  const says = Array.from({ length: random.whole(8, 20) }, (_, index): Say => {
    const at = from + random.whole(0, random.pick([5, 60]) * MINUTE);
    const chat = `crowd${index}`;
    const [text, messageId] = [`word c.${index}`, `c-${index}`];
    return {
      does: "say",
      at,
      chat,
      chatType: "dm",
      user: chat,
      messageId,
      text,
      timed: true,
      role: "user",
      origin: "chat",
    };
  });
  const forward: readonly Action[] = random.chance(0.5)
    ? [{ does: "forward", at: from + random.whole(0, 8 * HOUR) }]
    : [];
  return {
    ...scenario,
    actions: [...scenario.actions, ...says, ...forward].sort((a, b) => a.at - b.at),
    outages: [...scenario.outages.filter(({ what }) => !/provider/.test(what)), outage],
  };
}

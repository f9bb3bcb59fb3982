import { Random } from "./Random.ts";
import type { Action, Outage, Say, Story } from "./Story.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How many stories have one. */
const SHARE = 0.06;

/**
 * Adds to some stories more chats than their provider's breaker lets through while it is down, and an operator who brings
 * their hooks forward. Drawn apart, so that the rest of a story stays as it is.
 */
export function withCrowd(story: Story): Story {
  const random = new Random(`crowd/${story.seed}`);
  if (!random.chance(SHARE)) return story;
  const from = story.start;
  const outage: Outage = {
    what: random.pick(["provider", "provider", "silent-provider"]),
    from,
    to: from + Math.floor(random.pick([30 * MINUTE, 2 * HOUR, 6 * HOUR]) * (0.5 + random.next())),
  };
  const says = Array.from({ length: random.whole(8, 20) }, (_, index): Say => {
    const at = from + random.whole(0, random.pick([5, 60]) * MINUTE);
    const chat = `crowd${index}`;
    const [text, delivery] = [`word c.${index}`, `c-${index}`];
    return {
      does: "say",
      at,
      chat,
      chatType: "dm",
      user: chat,
      delivery,
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
    ...story,
    actions: [...story.actions, ...says, ...forward].sort((a, b) => a.at - b.at),
    outages: [...story.outages.filter(({ what }) => !/provider/.test(what)), outage],
  };
}

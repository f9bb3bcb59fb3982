import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/index.ts";
import type { EndReason } from "../../lib/session/EndReason.ts";
import { endSession } from "../../lib/session/endSession.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../fakes/webhookReceiver.ts";
import { allRows, hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

/** How a session comes to each end, after one message at 10:00; one that is full: `maxSize.test.ts`. */
const CAUSES: Readonly<Record<Exclude<EndReason, "max-size">, (world: World) => Promise<unknown>>> = {
  idle: (world) => sweepAt(world, "2026-03-02T10:30:00Z"),
  daily: (world) => sweepAt(world, "2026-03-02T10:20:00Z"),
  "max-age": (world) => sweepAt(world, "2026-03-02T10:25:00Z"),
  reset: (world) => world.chat("/reset"),
  api: async (world) => {
    const [session] = await sessionRows(world);
    await endSession(world.services, session?.conversation ?? "", session?.session ?? "");
    await world.settle();
  },
  // The stream's record of the reset is never seen; the sweep finds the end five minutes after it looked for it.
  recovered: async (world) => {
    await world.say("/reset");
    await world.step.message();
    await world.stream.drop();
    await sweepAt(world, "2026-03-02T10:30:00Z");
    await sweepAt(world, "2026-03-02T10:35:00Z");
  },
};

const POLICIES: Partial<Record<EndReason, object>> = {
  daily: { daily: { at: "10:20", timeZone: "UTC" } },
  "max-age": { maxAge: "25m" },
};

describe("one way ends sessions, and one list says who is told", () => {
  let world: World;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [world, wiki] = await Promise.all([startWorld(), startWebhookReceiver()]);
  });
  afterEach(() => Promise.all([world.stop(), wiki.close()]));

  it.each(Object.entries(CAUSES))(
    "L2 L23 L24 %s: each provider gets the session, with the reason",
    async (reason, end) => {
      world.deploy({
        sessions: { default: POLICIES[reason as EndReason] ?? { idle: "30m" } },
        memory: { crm: webhookTo(world.provider), wiki: webhookTo(wiki), builtin: builtin() },
      });
      await world.say("My name is Ann");
      await world.step.message();
      await end(world);

      const [session] = await sessionRows(world);
      const hooks = (await hookRows(world)).filter((hook) => hook.session === session?.session);
      expect(hooks.map(({ provider, status }) => `${provider} ${status}`).sort()).toEqual([
        "builtin delivered",
        "crm delivered",
        "wiki delivered",
      ]);
      expect(world.delivered()).toMatchObject([{ reason, turns: 1, messages: [{ content: "My name is Ann" }, {}] }]);
      expect(wiki.effects.map(({ body }) => body.data)).toEqual(world.delivered());
      expect((await allRows(world)).map(({ text }) => text)).toContain("Name: Ann");
    },
  );
});

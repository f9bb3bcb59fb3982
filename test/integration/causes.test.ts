import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EndReason } from "../../lib/domain/Session.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { endGone } from "../../lib/message/chatNews.ts";
import { endSession } from "../../lib/operator/endSession.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";

/** How a session comes to each end, after one message at 10:00; one that is full: `maxSize.test.ts`. */
const CAUSES: Readonly<Record<Exclude<EndReason, "max-size">, (harness: GatewayHarness) => Promise<unknown>>> = {
  idle: (harness) => sweepAt(harness, "2026-03-02T10:30:00Z"),
  daily: (harness) => sweepAt(harness, "2026-03-02T10:20:00Z"),
  "max-age": (harness) => sweepAt(harness, "2026-03-02T10:25:00Z"),
  reset: (harness) => harness.chat("/reset"),
  api: async (harness) => {
    const [session] = await sessionRows(harness);
    await endSession(harness.services, session?.conversation ?? "", session?.session ?? "");
    await harness.settle();
  },
  gone: async (harness) => {
    const [session] = await sessionRows(harness);
    await endGone(harness.services, session?.conversation ?? "");
    await harness.settle();
  },
  // The stream's record of the reset is never seen; the sweep finds the end five minutes after it looked for it.
  recovered: async (harness) => {
    await harness.say("/reset");
    await harness.step.message();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    await sweepAt(harness, "2026-03-02T10:35:00Z");
  },
};

const POLICIES: Partial<Record<EndReason, object>> = {
  daily: { daily: { at: "10:20", timeZone: "UTC" } },
  "max-age": { maxAge: "25m" },
};

describe("the end of a session", () => {
  let harness: GatewayHarness;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [harness, wiki] = await Promise.all([startGatewayHarness(), startWebhookReceiver()]);
  });
  afterEach(() => Promise.all([harness.stop(), wiki.close()]));

  it.each(Object.entries(CAUSES))("L2 L23 L24 reaches each provider with the reason: %s", async (reason, end) => {
    harness.deploy({
      sessions: { default: POLICIES[reason as EndReason] ?? { idle: "30m" } },
      memory: { crm: webhookTo(harness.provider), wiki: webhookTo(wiki), builtin: builtin() },
    });
    await harness.say("My name is Ann");
    await harness.step.message();
    await end(harness);

    const [session] = await sessionRows(harness);
    const hooks = (await hookRows(harness)).filter((hook) => hook.session === session?.session);
    expect(hooks.map(({ provider, status }) => `${provider} ${status}`).sort()).toEqual([
      "builtin delivered",
      "crm delivered",
      "wiki delivered",
    ]);
    expect(harness.delivered()).toMatchObject([{ reason, turns: 1, messages: [{ content: "My name is Ann" }, {}] }]);
    expect(wiki.effects.map(({ body }) => body.data)).toEqual(harness.delivered());
    expect((await allRows(harness)).map(({ text }) => text)).toContain("Name: Ann");
  });
});

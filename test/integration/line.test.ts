import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHANNEL, type LineFake, startLineFake } from "../../emulators/platforms/line/startLineFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { line } from "../../lib/platforms/line/line.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { eventOf, lineCall } from "../unit/platforms/line/lineCall.ts";

describe("the gateway, written to on LINE,", () => {
  let harness: GatewayHarness;
  let server: LineFake;
  let last: number;
  beforeEach(async () => {
    [harness, server] = await Promise.all([
      startGatewayHarness(undefined, { CHANNEL_SECRET: CHANNEL.channelSecret, ACCESS_TOKEN: CHANNEL.accessToken }),
      startLineFake(),
    ]);
    const secrets = { channelSecret: secret("CHANNEL_SECRET"), accessToken: secret("ACCESS_TOKEN") };
    harness.deploy({ platforms: { line: line({ ...secrets, apiBase: server.url }) } });
    last = 0;
  });
  afterEach(() => Promise.all([harness.stop(), server.close()]));

  const event = (text: string, number = ++last) => {
    const replyToken = `token-${number}`;
    server.issue(replyToken, "U4711");
    return eventOf({ text, id: String(number) }, { replyToken, webhookEventId: `01E${number}`, timestamp: Date.now() });
  };

  async function post(...events: readonly object[]) {
    const { body, headers } = lineCall(events);
    const answer = await harness.post("line", Buffer.from(body).toString(), { ...headers });
    await harness.settle();
    return answer;
  }

  it("answers by the token, and LINE itself at once", async () => {
    expect(await post(event("hello"))).toMatchObject({ statusCode: 200 });
    expect(server.sent).toMatchObject([{ by: "reply", text: "You said: hello" }]);
  });

  it("T4 makes one turn of an event that is delivered again, and a turn each of several in one call", async () => {
    const first = event("one");
    await post(first, event("two"));
    await post({ ...first, deliveryContext: { isRedelivery: true } });
    expect(server.sent.map(({ text }) => text)).toEqual(["You said: one", "You said: two"]);
  });

  it("L1 delivers the session to its memory provider when it is reset", async () => {
    await post(event("My name is Bo"));
    await post(event("/reset"));
    expect(harness.delivered()).toMatchObject([{ reason: "reset", turns: 1, platform: "line" }]);
  });

  it("T3 sends a reply again that was not taken, once", async () => {
    server.failNext(1, 503);
    await post(event("hello"));
    expect(server.sent).toEqual([]);
    harness.advance("2m");
    await harness.settle();
    expect(server.sent).toMatchObject([{ by: "push", text: "You said: hello" }]);
  });

  it("ends the session of whoever blocks the bot, under every policy", async () => {
    harness.deploy({ ...{ platforms: harness.services.config.platforms }, sessions: { default: "none" } });
    await post(event("hello"));
    harness.advance("1m");
    const { message: _, ...unfollow } = eventOf(
      {},
      { type: "unfollow", webhookEventId: "01E99", timestamp: Date.now() },
    );
    await post(unfollow);
    expect(harness.delivered()).toMatchObject([{ reason: "gone", turns: 1 }]);
  });
});

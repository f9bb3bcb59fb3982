import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT, startTwilioFake, type TwilioFake } from "../../emulators/platforms/twilio/startTwilioFake.ts";
import { webhookCall } from "../../emulators/platforms/twilio/webhookCall.ts";
import { secret } from "../../lib/adapter/options.ts";
import { twilio } from "../../lib/platforms/twilio/twilio.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { formOf, sidOf } from "../unit/platforms/twilio/twilioCall.ts";

const ADDRESS = "https://gateway.test/webhooks/twilio";

describe("the gateway, written to by SMS,", () => {
  let harness: GatewayHarness;
  let server: TwilioFake;
  let last: number;
  beforeEach(async () => {
    const { accountSid, authToken, number } = ACCOUNT;
    [harness, server] = await Promise.all([
      startGatewayHarness(undefined, { AUTH_TOKEN: authToken }),
      startTwilioFake(),
    ]);
    const options = { accountSid, authToken: secret("AUTH_TOKEN"), number, publicUrl: ADDRESS, apiBase: server.url };
    harness.deploy({ platforms: { twilio: twilio(options) } });
    last = 0;
  });
  afterEach(() => Promise.all([harness.stop(), server.close()]));

  async function say(Body: string, MessageSid = sidOf(++last)) {
    const { body, headers } = webhookCall(formOf({ Body, MessageSid }), ACCOUNT.authToken, ADDRESS);
    const answer = await harness.post("twilio", Buffer.from(body).toString(), { ...headers });
    await harness.settle();
    return answer;
  }

  it("answers in the same chat, and Twilio itself with nothing to send", async () => {
    expect(await say("hello")).toMatchObject({ statusCode: 200, body: "<Response/>" });
    expect(server.sent.map(({ to, body }) => [to, body])).toEqual([["+14155550199", "You said: hello"]]);
  });

  it("T4 makes one turn of a message that Twilio sends again", async () => {
    await say("hello", sidOf(7));
    await say("hello", sidOf(7));
    expect(server.sent).toHaveLength(1);
  });

  it("L1 delivers the session to its memory provider when it is reset", async () => {
    await say("My name is Bo");
    await say("/reset");
    expect(harness.delivered()).toMatchObject([{ reason: "reset", turns: 1, platform: "twilio" }]);
  });

  it("ends the session of whoever says STOP", async () => {
    harness.deploy({ ...{ platforms: harness.services.config.platforms }, sessions: { default: "none" } });
    await say("hello");
    await say("STOP");
    expect(harness.delivered()).toMatchObject([{ reason: "gone", turns: 1 }]);
  });
});

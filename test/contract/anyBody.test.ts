import fc from "fast-check";
import { expect, it } from "vitest";
import { CHANNEL } from "../../emulators/platforms/line/startLineFake.ts";
import { ACCOUNT } from "../../emulators/platforms/twilio/startTwilioFake.ts";
import { IDS } from "../../emulators/platforms/whatsapp/startWhatsAppFake.ts";
import { WebhookError } from "../../lib/adapter/errors.ts";
import { secret } from "../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../lib/adapter/Platform.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { line } from "../../lib/platforms/line/line.ts";
import { slack } from "../../lib/platforms/slack/slack.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { twilio } from "../../lib/platforms/twilio/twilio.ts";
import { whatsapp } from "../../lib/platforms/whatsapp/whatsapp.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { discordCall, KEY } from "../unit/platforms/discord/discordCall.ts";
import { httpCall } from "../unit/platforms/http/httpCall.ts";
import { lineCall } from "../unit/platforms/line/lineCall.ts";
import { SIGNING_SECRET, slackCall } from "../unit/platforms/slack/slackCall.ts";
import { SECRET_TOKEN, telegramCall } from "../unit/platforms/telegram/telegramCall.ts";
import { twilioCall } from "../unit/platforms/twilio/twilioCall.ts";
import { whatsappCall } from "../unit/platforms/whatsapp/whatsappCall.ts";

const { phoneNumberId, accountId, appId, appSecret } = IDS;
const services = testServices({
  ...{ HTTP_SECRET: TEST_SECRET, TOKEN: "123456:ABC", SECRET_TOKEN },
  ...{ AUTH_TOKEN: ACCOUNT.authToken, CHANNEL_SECRET: CHANNEL.channelSecret },
  ...{ KEY: KEY.publicKey, APP_SECRET: appSecret, SIGNING_SECRET },
});
const names = { apiBase: "http://127.0.0.1:1", secretToken: secret("SECRET_TOKEN") };

it.each([
  ["http", http({ secret: secret("HTTP_SECRET"), replyUrl: "http://127.0.0.1:1" }), httpCall],
  ["telegram", telegram({ token: secret("TOKEN"), ...names }), telegramCall],
  [
    "slack",
    slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }),
    (body: string) => slackCall(body),
  ],
  [
    "slack's slash commands",
    slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }),
    (body: string) => slackCall(body, "application/x-www-form-urlencoded"),
  ],
  ["discord", discord({ publicKey: secret("KEY") }), (body: string) => discordCall(body)],
  [
    "whatsapp",
    whatsapp({ phoneNumberId, accountId, appId, token: secret("TOKEN"), appSecret: secret("APP_SECRET") }),
    (body: string) => whatsappCall(body),
  ],
  [
    "line",
    line({ channelSecret: secret("CHANNEL_SECRET"), accessToken: secret("ACCESS_TOKEN") }),
    (body: string) => lineCall(body),
  ],
  [
    "twilio",
    twilio({ accountSid: ACCOUNT.accountSid, authToken: secret("AUTH_TOKEN"), number: ACCOUNT.number }),
    (body: string) => twilioCall(body),
  ],
] as const)("%s takes any genuine call, or refuses it with its status", async (_, adapter, call) => {
  const platform = adapter.create(services);
  const receive: (body: string) => WebhookRequest = (body) => call(body);
  const bodies = fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" }));
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const outcome = await platform.receive(receive(body)).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(WebhookError);
    }),
    { numRuns: 200 },
  );
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { WebhookError } from "../../lib/adapter/errors.ts";
import { secret } from "../../lib/adapter/options.ts";
import type { WebhookRequest } from "../../lib/adapter/Platform.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";
import { discordCall, KEY } from "../unit/platforms/discord/discordCall.ts";
import { httpCall } from "../unit/platforms/http/httpCall.ts";
import { SECRET_TOKEN, telegramCall } from "../unit/platforms/telegram/telegramCall.ts";

const services = testServices({ HTTP_SECRET: TEST_SECRET, TOKEN: "123456:ABC", SECRET_TOKEN, KEY: KEY.publicKey });
const names = { apiBase: "http://127.0.0.1:1", secretToken: secret("SECRET_TOKEN") };

it.each([
  ["http", http({ secret: secret("HTTP_SECRET"), replyUrl: "http://127.0.0.1:1" }), httpCall],
  ["telegram", telegram({ token: secret("TOKEN"), ...names }), telegramCall],
  ["discord", discord({ publicKey: secret("KEY") }), (body: string) => discordCall(body)],
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

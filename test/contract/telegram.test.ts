import { describe, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { startTelegramFake } from "../harness/telegramFake.ts";
import { SECRET_TOKEN, telegramCall, updateOf } from "../unit/platforms/telegram/telegramCall.ts";

platformConformance({ describe, it }, "telegram", async () => {
  const server = await startTelegramFake();
  const services = testServices({ TOKEN: server.token, SECRET_TOKEN });
  const options = { token: secret("TOKEN"), secretToken: secret("SECRET_TOKEN"), apiBase: server.url };
  return {
    platform: telegram(options).create(services),
    secretsRead: () => services.secrets.asked,
    call: ({ number, text, user }) => {
      const from = { id: Number(user), is_bot: false, first_name: "Ana" };
      return telegramCall(updateOf({ text, from, chat: { id: Number(user), type: "private" } }, number));
    },
    callWith: (body) => telegramCall(body),
    forgeries: (genuine) => ({
      missing: { ...genuine, headers: {} },
      empty: telegramCall(updateOf(), ""),
      short: telegramCall(updateOf(), SECRET_TOKEN.slice(0, -1)),
      long: telegramCall(updateOf(), `${SECRET_TOKEN}x`),
      "another case": telegramCall(updateOf(), SECRET_TOKEN.toLowerCase()),
      unicode: telegramCall(updateOf(), SECRET_TOKEN.replace("s", "ѕ")),
    }),
    server,
    sent: () => server.sent.map(({ text }) => text),
    limit: 4096,
    secrets: [server.token, SECRET_TOKEN],
    close: () => server.close(),
  };
});

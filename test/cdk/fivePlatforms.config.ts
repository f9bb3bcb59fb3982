import { defineConfig, secret } from "../../lib/index.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { discord } from "../../lib/platforms/discord/discord.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { slack } from "../../lib/platforms/slack/slack.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { whatsapp } from "../../lib/platforms/whatsapp/whatsapp.ts";

/** A config whose bundles are measured. */
export default defineConfig({
  platforms: {
    discord: discord({ publicKey: secret("DISCORD_KEY"), token: secret("DISCORD_TOKEN") }),
    http: http({ secret: secret("HTTP_SECRET") }),
    slack: slack({ token: secret("SLACK_TOKEN"), signingSecret: secret("SLACK_SECRET") }),
    telegram: telegram({ token: secret("TELEGRAM_TOKEN") }),
    whatsapp: whatsapp({
      ...{ phoneNumberId: "1", accountId: "2", appId: "3" },
      ...{ token: secret("WHATSAPP_TOKEN"), appSecret: secret("WHATSAPP_SECRET") },
    }),
  },
  memory: { builtin: builtin() },
});

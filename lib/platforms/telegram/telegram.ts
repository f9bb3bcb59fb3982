import { definePlatform } from "../../adapter/definePlatform.ts";
import { optionsSchema } from "./bot.ts";
import { operating } from "./operating.ts";
import { receiving } from "./receiving.ts";
import { sending } from "./sending.ts";

/**
 * Telegram. `token` is the bot's token. `secretToken` is what Telegram shows with each call; left out, it is made of the
 * token, and `vesper webhooks set` tells it to Telegram. `apiBase` is for a Bot API server of one's own.
 */
export const telegram = definePlatform(
  "telegram",
  optionsSchema,
  {
    receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
    sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
    operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : operating,
  },
  { isPublic: true },
);

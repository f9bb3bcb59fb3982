import { definePlatform } from "../../adapter/definePlatform.ts";
import { optionsSchema } from "./application.ts";
import { operating } from "./operating.ts";
import { receiving } from "./receiving.ts";
import { sending } from "./sending.ts";

/**
 * Discord, by its interactions: commands reach it, what is written in a channel does not. `publicKey` is the application's,
 * by which Discord's calls are known; no secret, but it differs from stage to stage as secrets do. `token` is its bot's:
 * without it a command can be answered for 15 minutes and not later, and `vesper webhooks set` can't tell Discord the address
 * and the commands. `apiBase` is for a proxy.
 */
export const discord = definePlatform(
  "discord",
  optionsSchema,
  {
    receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
    sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
    operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : operating,
  },
  { isPublic: true },
);

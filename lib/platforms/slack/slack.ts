import { definePlatform } from "../../adapter/definePlatform.ts";
import { optionsSchema } from "./app.ts";
import { manifestOf } from "./manifest.ts";
import { receiving } from "./receiving.ts";
import { sending } from "./sending.ts";

/**
 * Slack, by the Events API and slash commands at one address. `token` is the bot's token, `signingSecret` what Slack signs its
 * calls with. `apiBase` is the Web API of another Slack, such as `https://slack-gov.com/api`. One workspace an app.
 */
export const slack = definePlatform("slack", optionsSchema, {
  receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
  sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
  operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : () => ({ manifest: manifestOf }),
});

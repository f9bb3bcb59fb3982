import { plantedSecret } from "./plantedSecret.ts";

export { updateOf } from "../unit/platforms/telegram/telegramCall.ts";

/** What Telegram sends along to the world's bot. */
export const SECRET_HEADERS = {
  "content-type": "application/json",
  "x-telegram-bot-api-secret-token": plantedSecret("BOT_SECRET"),
};

import { startTelegramFake } from "../../../emulators/platforms/telegram/startTelegramFake.ts";

/** Telegram's Bot API as a process of its own, so that its CPU is nobody else's: tells its parent where it is and ends with it. */

const { url, token } = await startTelegramFake({ token: `123456:${"b".repeat(32)}` });

process.send?.({ url, token });

process.once("disconnect", () => process.exit());

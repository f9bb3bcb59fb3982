import type { Adapter } from "../../lib/adapter/Adapter.ts";
import type { Platform } from "../../lib/adapter/Platform.ts";
import { custom } from "../../lib/agents/custom/custom.ts";
import { secret } from "../../lib/index.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import type { GatewayHarness } from "./GatewayHarness.ts";

/**
 * The functions have Telegram as a platform that closes its conversations.
 *
 * @param until when a message that comes in now can be answered no more, milliseconds since the epoch
 */
export function deployClosing(harness: GatewayHarness, until: (now: number) => number, reply = "Here I am"): void {
  const options = { token: secret("BOT_TOKEN"), secretToken: secret("BOT_SECRET"), apiBase: harness.bot.url };
  const adapter = telegram(options);
  const closing: Adapter<Platform> = {
    ...adapter,
    create(services) {
      const platform = adapter.create(services);
      return {
        ...platform,
        async receive(call) {
          const received = await platform.receive(call);
          const replyUntil = until(services.clock.now());
          return { ...received, messages: received.messages.map((message) => ({ ...message, replyUntil })) };
        },
      };
    },
  };
  harness.deploy({
    platforms: { telegram: closing },
    agent: custom({ reply: async () => reply }),
    sessions: { default: "none" },
  });
}

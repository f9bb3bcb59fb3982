import { describe, it } from "vitest";
import { BOT_NAME, startTelegramFake } from "../../emulators/platforms/telegram/startTelegramFake.ts";
import { secret } from "../../lib/adapter/options.ts";
import { platformConformance } from "../../lib/adapter/testing/platformConformance.ts";
import type { PlatformExtras } from "../../lib/adapter/testing/platformExtrasConformance.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { telegram } from "../../lib/platforms/telegram/telegram.ts";
import { SECRET_TOKEN, telegramCall, updateOf } from "../unit/platforms/telegram/telegramCall.ts";

const GROUP = { id: -100_500, title: "Team", type: "supergroup" };

const EXTRAS: PlatformExtras = {
  drafts: true,
  inGroup: ({ number, text }, namesBot) => {
    const named = { text: `@${BOT_NAME} ${text}`, entities: [{ type: "mention", offset: 0, length: 11 }] };
    return telegramCall(updateOf({ chat: GROUP, ...(namesBot ? named : { text }) }, number));
  },
  answering: ({ number, text }, quoted) => {
    const from = { id: 4712, is_bot: false, first_name: quoted.author };
    return telegramCall(updateOf({ text, reply_to_message: { message_id: 9, from, text: quoted.text } }, number));
  },
  forwarded: ({ number, text }, from) => {
    const forward_origin = { type: "hidden_user", date: 1, sender_user_name: from };
    return telegramCall(updateOf({ text, forward_origin }, number));
  },
  picture: ({ number, text }, file_size) => {
    const { text: _, ...message } = updateOf({ photo: [{ file_id: "f", file_size }], caption: text }).message;
    return telegramCall({ update_id: number, message });
  },
  // Every message of these is one and the same, so that its number need not be told.
  edit: ({ number, text }) => {
    return telegramCall({ update_id: number, edited_message: { ...updateOf({ text }).message, edit_date: 1 } });
  },
  moved: (from, to) =>
    telegramCall(updateOf({ chat: { ...GROUP, id: Number(from), type: "group" }, migrate_to_chat_id: Number(to) })),
  gone: (chat) => {
    const my_chat_member = { chat: { ...GROUP, id: Number(chat) }, new_chat_member: { status: "left" } };
    return telegramCall({ update_id: 1, my_chat_member });
  },
};

platformConformance(
  { describe, it },
  "telegram",
  async () => {
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
      typing: () => server.typing,
      standing: () => [...server.sent, server.drafting(4711)].flatMap((one) => one?.text ?? []),
      close: () => server.close(),
    };
  },
  EXTRAS,
);

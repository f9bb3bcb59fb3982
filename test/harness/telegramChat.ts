import { loadTurns } from "../../lib/store/turns.ts";
import type { GatewayHarness } from "./GatewayHarness.ts";
import { sessionRows } from "./rows.ts";
import { SECRET_HEADERS } from "./telegram.ts";

export const ANA = { id: 4711, is_bot: false, first_name: "Ana" };

/** Ana's private chat, and a group of hers. */
export const DM = { id: 4711, first_name: "Ana", type: "private" };
export const TEAM = { id: -100_500, title: "Team", type: "supergroup" };

type Fields = Readonly<Record<string, unknown>>;

/** Telegram as its users see it, before a gateway: each update has an id and a message of its own. */
export function telegramChat(harness: GatewayHarness) {
  let last = 70_000;

  async function deliver(update: Fields) {
    const body = JSON.stringify({ update_id: ++last, ...update });
    const answer = await harness.post("telegram", body, SECRET_HEADERS);
    await harness.settle();
    return answer;
  }

  /** Ana's message in her private chat, but for what `changes` say. */
  const messageOf = (changes: Fields): Fields & { readonly message_id: number } => ({
    message_id: last + 1,
    from: ANA,
    chat: DM,
    date: Math.floor(harness.clock.now() / 1000),
    ...changes,
  });

  return {
    deliver,
    /** Sends a message and lets it be answered; answers the message. */
    async send(changes: Fields) {
      harness.advance("1s");
      const message = messageOf(changes);
      await deliver({ message });
      return message;
    },
    async edit(message: Fields, text: string) {
      harness.advance("1s");
      const edit_date = Math.floor(harness.clock.now() / 1000);
      return deliver({ edited_message: { ...message, text, edit_date } });
    },
    /** The texts of all replies so far. */
    replies: () => harness.bot.sent.map(({ text }) => text),
    /** The turns of the newest session. */
    async turns() {
      const sessions = await sessionRows(harness);
      return loadTurns(harness.operatorTable, sessions.at(-1)?.session ?? "");
    },
  };
}

/** Telegram's mark of a command at the start of a text. */
export function commandMark(length: number, offset = 0) {
  return { entities: [{ type: "bot_command", offset, length }] };
}

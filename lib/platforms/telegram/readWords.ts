import type { TelegramEntity } from "./schema.ts";

/** Who the bot is: its id, and its user name where that matters. */
export interface Bot {
  readonly id: number;
  readonly username?: string | undefined;
}

/** A message's words, with what its entities say of them. */
export interface ReadWords {
  /** With the addresses of links behind their words, and without mentions of the bot. */
  readonly text: string;
  /** Whether they name the bot. */
  readonly mentionsUs: boolean;
  /** Whom the command at their start is for, where there is one: its length in `text`, and the bot's name behind `@`. */
  readonly command?: { readonly length: number; readonly addressee?: string };
}

/**
 * Reads a message's words by Telegram's entities, whose offsets are UTF-16 units. A mention of the bot is taken off
 * wherever it stands, as it says nothing to it; then what it stood before may be a command. Pure.
 */
export function readWords(text: string, entities: readonly TelegramEntity[], bot: Bot): ReadWords {
  let words = "";
  let from = 0;
  let mentionsUs = false;
  let command: ReadWords["command"];
  for (const entity of entities.toSorted((a, b) => a.offset - b.offset)) {
    const { type, offset, length, url } = entity;
    const end = offset + length;
    if (offset < from || length < 1 || end > text.length) continue;
    const own = text.slice(offset, end);
    const before = words + text.slice(from, offset);
    if (isOurs(entity, own, bot)) {
      mentionsUs = true;
      words = before.trimEnd();
      // At the start the punctuation behind it goes, too: "@bot, hello".
      from = end + (words === "" ? (/^[\s,:;]+/.exec(text.slice(end))?.[0].length ?? 0) : 0);
    } else if (type === "text_link" && url !== undefined) {
      words = `${before}${own} (${url})`;
      from = end;
    } else if (type === "bot_command" && before.trim() === "") {
      const addressee = own.split("@")[1];
      command = { length, ...(addressee === undefined ? {} : { addressee }) };
      words = own;
      from = end;
    }
  }
  return { text: words + text.slice(from), mentionsUs, ...(command ? { command } : {}) };
}

/** Whether somebody is named whom only the bot's own name tells from the bot. */
export function namesSomebody(text: string, entities: readonly TelegramEntity[]): boolean {
  return entities.some(
    ({ type, offset, length }) =>
      type === "mention" || (type === "bot_command" && text.slice(offset, offset + length).includes("@")),
  );
}

function isOurs({ type, user }: TelegramEntity, own: string, { id, username }: Bot): boolean {
  if (type === "text_mention") return user?.id === id;
  return type === "mention" && own.toLowerCase() === `@${username?.toLowerCase()}`;
}

import { cleanText } from "../../adapter/text/truncate.ts";

/** A message's words, with what its marks say of them. */
export interface ReadText {
  /** As people read them: names, channels and links behind their labels; without mentions of the bot. */
  readonly text: string;
  /** Whether they name the bot. */
  readonly mentionsUs: boolean;
}

/**
 * Reads Slack's text: https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages. A mention of the bot is
 * taken off wherever it stands, as it says nothing to it. Takes linear time. Pure.
 *
 * @param bot the bot's user id, where it is known
 */
export function readText(given: string, bot?: string): ReadText {
  const parts = bot === undefined ? [given] : given.split(new RegExp(`<@${bot}(?:\\|[^<>]*)?>`));
  let isStart = true;
  const words = parts.map((part, index) => {
    const own = index < parts.length - 1 ? part.trimEnd() : part;
    // At the start the punctuation behind the mention goes, too: "@bot, hello".
    const rest = isStart && index > 0 ? own.replace(/^[\s,:;]+/, "") : own;
    isStart &&= rest === "";
    return rest;
  });
  return { text: cleanText(toPlain(words.join("")).trim()), mentionsUs: parts.length > 1 };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&" };

/** What a user writes stands there with these escaped, so that every "<" begins a mark of Slack's own. */
function toPlain(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, mark: string) => readMark(mark))
    .replace(/&(lt|gt|amp);/g, (_, entity: string) => ENTITIES[entity] ?? "");
}

function readMark(mark: string): string {
  const bar = mark.indexOf("|");
  const [target, label] = bar < 0 ? [mark, ""] : [mark.slice(0, bar), mark.slice(bar + 1)];
  const [sign, name] = [target.slice(0, 1), target.slice(1)];
  if (sign === "@" || sign === "#") return `${sign}${(label || name).replace(/^[@#]/, "")}`;
  if (sign === "!") return readSpecial(name, label);
  if (label === "") return target.replace(/^(mailto|tel):/, "");
  // Slack links addresses by itself: their label is what was written.
  const isOwn = ["", "http://", "https://", "mailto:", "tel:"].some(
    (scheme) => `${scheme}${label}` === target.replace(/\/$/, ""),
  );
  return isOwn || label === target ? label : `${label} (${target})`;
}

/** `!here`, `!subteam^S123|@team`, `!date^1392734382^{date}|Feb 18`. */
function readSpecial(name: string, label: string): string {
  if (name.startsWith("date^")) return label;
  const [kind = ""] = name.split("^");
  return `@${(label || kind).replace(/^@/, "")}`;
}

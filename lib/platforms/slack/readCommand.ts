import { COMMANDS, type ParsedText, parseCommand } from "../../adapter/text/parseCommand.ts";

/** In a message that is meant for the bot. Not every command's name: "new" and "start" are answers, too. */
const BARE = /^(reset|help|memory(\s+(on|off))?)[.!]?$/i;

/** Behind the app's own slash command, which alone is none of ours. */
const BEHIND = new RegExp(`^((${COMMANDS.join("|")})[.!]?|memory\\s+(on|off)|new\\s.+)$`, "is");

/**
 * The command that a message's words are: `/reset`, which Slack lets through behind a mention or a blank; or `reset` alone,
 * where the message is meant for the bot. Pure.
 */
export function readWords(text: string, isForUs: boolean): ParsedText {
  return parseCommand(isForUs && BARE.test(text) ? `/${text}` : text);
}

/** The command that a slash command is: one of ours by its name, `/vesper reset`, or words for the agent. Pure. */
export function readSlash(command: string, text: string): ParsedText {
  const named = parseCommand(`${command} ${text}`);
  if (named.command) return named;
  if (text === "") return { command: "help", text };
  return parseCommand(BEHIND.test(text) ? `/${text}` : text);
}

/** The commands that the gateway answers itself. Any other `/word` is text for the agent. */
export const COMMANDS = ["reset", "new", "memory", "start", "help", "status", "retry"] as const;

export type CommandName = (typeof COMMANDS)[number];

/** A text, with its command taken off where it is one. */
export interface ParsedText {
  readonly command?: CommandName;
  /** For a command what follows its name, trimmed; else the whole text, untouched. */
  readonly text: string;
}

/** A name, perhaps whom it is for, punctuation, and what follows it after white space. */
const COMMAND = /^(\/[A-Za-z]+(?:@\w+)?)[.,:;!?…]*(?=\s|$)/;

/**
 * Recognises `/reset`, `/new some text` and `/memory off` at the very start of a text, in any case, for platforms that
 * don't mark commands.
 *
 * @param isUs whether `/reset@name` with that name is meant for us; without it such a text is no command
 */
export function parseCommand(text: string, isUs: (name: string) => boolean = () => false): ParsedText {
  const [, name] = COMMAND.exec(text) ?? [];
  return name === undefined ? { text } : takeCommand(text, name.length, isUs);
}

/**
 * The command that a platform marks as the first `length` UTF-16 units of a text: with it and the punctuation behind it
 * taken off; the whole text when it is none of the gateway's, or is meant for another.
 */
export function takeCommand(text: string, length: number, isUs: (name: string) => boolean = () => false): ParsedText {
  const [name = "", addressee] = text.slice(1, length).split("@");
  const command = COMMANDS.find((known) => known === name.toLowerCase());
  if (!command || (addressee !== undefined && !isUs(addressee))) return { text };
  return {
    command,
    text: text
      .slice(length)
      .replace(/^[.,:;!?…]+/, "")
      .trim(),
  };
}

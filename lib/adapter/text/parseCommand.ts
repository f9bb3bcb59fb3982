/** The commands that the gateway answers itself. Any other `/word` is text for the agent. */
export const COMMANDS = ["reset", "new", "memory"] as const;

export type CommandName = (typeof COMMANDS)[number];

/** A text, with its command taken off where it is one. */
export interface ParsedText {
  readonly command?: CommandName;
  /** For a command what follows its name, trimmed; else the whole text, untouched. */
  readonly text: string;
}

/** A name, perhaps whom it is for, and what follows it after white space. */
const COMMAND = /^\/([A-Za-z]+)(?:@(\w+))?(?:\s+([\s\S]*))?$/;

/**
 * Recognises `/reset`, `/new some text` and `/memory off` at the very start of a text, in any case.
 *
 * @param isUs whether `/reset@name` with that name is meant for us; without it such a text is no command
 */
export function parseCommand(text: string, isUs: (name: string) => boolean = () => false): ParsedText {
  const match = COMMAND.exec(text);
  const name = match?.[1]?.toLowerCase();
  const command = COMMANDS.find((known) => known === name);
  const addressee = match?.[2];
  if (!command || (addressee !== undefined && !isUs(addressee))) return { text };
  return { command, text: match?.[3]?.trim() ?? "" };
}

import type { Message } from "./Message.ts";

/** The messages whose words a text repeats: each has a number of its own in it. */
export function saidIn(text: string, messages: ReadonlyMap<string, Message>): readonly Message[] {
  const numbers = [...text.matchAll(/(?:word |post |topic |Name)(\d+)[.x](\d+)/g)].map(
    ([, chat, index]) => `${chat}.${index}`,
  );
  return [...messages.values()].filter((message) => numbers.includes(numberOf(message)));
}

function numberOf({ text }: Message): string {
  const [, chat, index] = /(\d+)[.x](\d+)$/.exec(text) ?? [];
  return `${chat}.${index}`;
}

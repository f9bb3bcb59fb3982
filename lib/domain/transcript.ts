import type { Attachment } from "./Attachment.ts";
import type { KeptResult } from "./KeptResult.ts";
import type { Message } from "./Message.ts";
import { messageWords, spokenWords, type Words } from "./messageWords.ts";
import type { Turn } from "./Turn.ts";

/** A message whose words are as they were stored: what tools answered for a reply stands apart from it. */
export interface StoredMessage extends Message {
  readonly toolResults?: readonly KeptResult[];
}

/**
 * The transcript as memory providers see it: the words that people and the agent wrote, oldest first. Left
 * out: commands, notices, apologies for a failed turn, recalled memories (they would be learnt again), and the prompts
 * of scheduled turns, which no person wrote. What tools answered is there where the agent keeps it: `cleanMessages` puts it
 * into words.
 */
export function toMessages(turns: readonly Turn[]): readonly StoredMessage[] {
  return turns
    .filter(({ kind }) => kind === "turn")
    .flatMap(({ toolResults, ...turn }) =>
      messagesOf(turn, spokenWords).map((message) =>
        message.role === "assistant" && toolResults ? { ...message, toolResults } : message,
      ),
    );
}

function messagesOf(turn: Turn, wordsOf: (words: Words) => string): readonly Message[] {
  const messages: Message[] = [];
  if (turn.text !== undefined && turn.origin === "chat") {
    messages.push({
      role: "user",
      content: wordsOf({ ...turn, text: turn.text }),
      ...(turn.user ? { author: turn.user } : {}),
      at: turn.at,
      ...(turn.forwarded ? { forwarded: turn.forwarded } : {}),
      ...(turn.quoted ? { quoted: turn.quoted } : {}),
      ...(turn.attachments ? { attachments: turn.attachments.map(withoutHandle) } : {}),
      ...(turn.editedAt === undefined ? {} : { editedAt: turn.editedAt }),
    });
  }
  if (turn.reply !== undefined && turn.status === "done") {
    messages.push({ role: "assistant", content: turn.reply, at: turn.repliedAt ?? turn.at });
  }
  return messages;
}

/** What is fetched by it is none of a memory provider's business, and gone by then. */
function withoutHandle({ handle: _, ...rest }: Attachment): Omit<Attachment, "handle"> {
  return rest;
}

/** Stands where the agent gave no reply, or none that arrived. */
const NO_REPLY = "(no reply)";

/** Stands before what the agent wrote of its own accord. */
const NO_MESSAGE = "(no message: the assistant writes first)";

/**
 * The transcript as the agent sees it, oldest first: a user message and an assistant message in turn, whatever happened,
 * as many models take nothing else. A turn that failed is left out, so that a message which no model takes fails alone.
 * What is missing of a turn is filled in by a placeholder, which is marked. Pure.
 */
export function toHistory(turns: readonly Turn[]): readonly Message[] {
  return turns.filter(({ status }) => status === "done").flatMap(pairOf);
}

function pairOf(turn: Turn): readonly Message[] {
  const messages = turn.kind === "turn" ? messagesOf(turn, messageWords) : [];
  const [first, last] = [messages[0], messages.at(-1)];
  if (!first || !last) return [];
  return [
    ...(first.role === "user" ? [] : [placeholder("user", NO_MESSAGE, first.at)]),
    ...messages,
    ...(last.role === "assistant" ? [] : [placeholder("assistant", NO_REPLY, last.at)]),
  ];
}

function placeholder(role: Message["role"], content: string, at: number): Message {
  return { role, content, at, placeholder: true };
}

/**
 * The size from which on a session takes no further turn, bytes or about that: it is read with each message, and must fit
 * the memory of the function that delivers it, of which it takes some eight times as much.
 */
const FULL = 4_000_000;

/** What a turn has beside its words. */
const BESIDE = 500;

/** Whether a session has become as large as one may be. */
export function isFull(turns: readonly Turn[]): boolean {
  let size = 0;
  for (const { text = "", reply = "", toolResults = [] } of turns) {
    size += BESIDE + text.length + reply.length;
    for (const result of toolResults) size += result.text.length;
  }
  return size >= FULL;
}

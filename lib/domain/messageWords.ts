import { type Attachment, describeAttachment } from "./Attachment.ts";
import type { Forwarded, Quoted } from "./InboundMessage.ts";
import type { KeptResult } from "./KeptResult.ts";

/** A message's own words, and what stands beside them. */
export interface Words {
  readonly text: string;
  readonly quoted?: Quoted;
  readonly forwarded?: Forwarded;
  readonly attachments?: readonly Attachment[];
}

/** The most of what a message answers that stands beside its own words, UTF-16 units. */
const MOST_QUOTE = 500;

/**
 * A message as text alone, for who reads nothing else: whatever is not the sender's own words is marked by a line in
 * brackets. A message of one's own words stays as it is. Pure.
 */
export function messageWords({ quoted, ...message }: Words): string {
  return [...(quoted ? [quotation(quoted)] : []), ...linesOf(message)].join("\n");
}

/**
 * A message as it stands in a transcript: the sender's own words, or else, marked, another's that were passed on, and
 * what came without words. What it answers is left out: it has an author of its own. Pure.
 */
export function spokenWords({ text, forwarded, attachments = [] }: Words): string {
  return linesOf({ text, ...(forwarded ? { forwarded } : {}), ...(text === "" ? { attachments } : {}) }).join("\n");
}

/** A reply as it stands in a transcript: behind what tools answered for it, marked, a line each. Pure. */
export function replyWords(reply: string, toolResults: readonly KeptResult[]): string {
  const lines = toolResults.map(({ tool, text }) => `(${tool} answered: ${JSON.stringify(text)})`);
  return [...lines, ...(reply === "" ? [] : [reply])].join("\n");
}

function linesOf({ text, forwarded, attachments = [] }: Omit<Words, "quoted">): readonly string[] {
  return [
    ...(forwarded ? [`(forwarded${forwarded.from === undefined ? "" : ` from ${forwarded.from}`})`] : []),
    ...(text === "" ? [] : [text]),
    ...attachments.map(describeAttachment),
  ];
}

function quotation({ text, author }: Quoted): string {
  const words = text.length > MOST_QUOTE ? `${text.slice(0, MOST_QUOTE).toWellFormed()}…` : text;
  return `(answering${author === undefined ? "" : ` ${author}`}: ${JSON.stringify(words)})`;
}

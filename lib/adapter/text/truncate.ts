/** The head of a text: `most` UTF-16 units at the most, the last one an ellipsis when something was cut, no character broken. */
export function truncate(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const head = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}…`.toWellFormed();
}

/**
 * A text that every later stage can carry: halves of surrogate pairs and the two non-characters that SQS refuses in a
 * message become the replacement character, so that one odd message can't block its conversation.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/[\uFFFE\uFFFF]/g, "\uFFFD");
}

/**
 * The most of a message's text, bytes in UTF-8: a turn is stored with its reply in one DynamoDB item of 400 KB, and its
 * queue message may be at most 1 MiB with every character escaped.
 */
export const MAX_TEXT_BYTES = 200_000;

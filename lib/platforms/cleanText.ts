/**
 * A text that every later stage can carry: halves of surrogate pairs and the two non-characters that SQS refuses in a
 * message become the replacement character, so that one odd message can't block its conversation.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/[\uFFFE\uFFFF]/g, "\uFFFD");
}

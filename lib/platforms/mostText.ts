/**
 * The most of a message's text, bytes in UTF-8: a turn is stored with its reply in one DynamoDB item of 400 KB, and its
 * queue message may be at most 1 MiB with every character escaped.
 */
export const MOST_TEXT = 200_000;

import type { Message } from "../../domain/Message.ts";

/** What a message costs beside its words, tokens. */
const BESIDE = 8;

/**
 * The newest turns of a session that fit so many tokens, whole turns alone, and how many messages were left out before
 * them. Pure.
 *
 * @param history begins with `user`, ends with `assistant` and alternates
 */
export function fitHistory(
  history: readonly Message[],
  tokens: number,
): { readonly kept: readonly Message[]; readonly dropped: number } {
  let left = tokens;
  let from = history.length;
  while (from >= 2) {
    const cost = history.slice(from - 2, from).reduce((sum, { content }) => sum + BESIDE + estimateTokens(content), 0);
    if (cost > left) break;
    left -= cost;
    from -= 2;
  }
  return { kept: history.slice(from), dropped: from };
}

/**
 * Rather more tokens than a text has: one for three bytes. English has about four letters a token, most other scripts a
 * character, of two or three bytes: https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
 */
function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}

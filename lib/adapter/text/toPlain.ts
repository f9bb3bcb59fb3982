/**
 * An agent's Markdown as plain text, for chats that have nothing else: without the marks of bold words, code and headings, a
 * link as its words and its address. What is not surely a mark stays.
 */
export function toPlain(markdown: string): string {
  return markdown
    .replace(/^ {0,3}```[^\n]*$\n?/gm, "")
    .replace(/^ {0,3}#{1,6} +/gm, "")
    .replace(/\*\*(?=\S)([^*\n]{0,500}?\S)\*\*/g, "$1")
    .replace(/`([^`\n]{1,500})`/g, "$1")
    .replace(/\[([^\]\n]{1,500})\]\((https?:\/\/[^\s()]{1,1000})\)/g, "$1 ($2)");
}

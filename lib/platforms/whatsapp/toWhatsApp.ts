const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(.*)$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/;
const BULLET = /^(\s*)[*+]\s+(.*)$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const TABLE = /^\s*\|.*\|\s*$/;

/** What is marked within a line, the first that matches. Each piece is a few thousand characters at the most. */
const INLINE = new RegExp(
  [
    String.raw`\\([!-/:-@[-\`{-~])`,
    String.raw`((\`+)(?!\`)(?:.+?)(?<!\`)\3(?!\`))`,
    String.raw`!?\[([^\]\n]+)\]\(\s*<?((?:https?|mailto|tel):[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)>?(?:\s+"[^"]*")?\s*\)`,
    String.raw`\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*`,
    String.raw`\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)`,
    String.raw`(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)`,
    String.raw`~~(?=\S)(.+?)(?<=\S)~~`,
    String.raw`(?<![*\w])\*(?![\s*])([^*\n]+?)(?<![\s*])\*(?![*\w])`,
  ].join("|"),
  "g",
);

/**
 * Markdown in WhatsApp's own marks: `*bold*`, `_italic_`, `~struck~`, code, quotations and lists. Nothing is ever refused
 * for them: they are read by the app that shows them. What WhatsApp does not know becomes what looks most like it: a
 * heading is bold, a link's address stands behind its words, a table is code. Pure.
 * https://faq.whatsapp.com/539178204879377
 */
export function toWhatsApp(markdown: string): string {
  const written: string[] = [];
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, fence, info = ""] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      const close = lines.findIndex((one, index) => index > at && one.trim().startsWith(fence));
      const end = close < 0 ? lines.length : close;
      // WhatsApp knows no languages; anything else is words.
      const words = /^[\w+#.-]*$/.test(info) ? [] : [info];
      written.push("```", ...words, ...lines.slice(at + 1, end), "```");
      at = end;
    } else if (TABLE.test(line)) {
      const end = lines.findIndex((one, index) => index > at && !TABLE.test(one));
      const rows = lines.slice(at, end < 0 ? lines.length : end);
      written.push("```", ...rows, "```");
      at += rows.length - 1;
    } else written.push(lineOf(line));
  }
  return written.join("\n");
}

function lineOf(line: string): string {
  if (RULE.test(line)) return "———";
  const heading = HEADING.exec(line)?.[1];
  if (heading !== undefined) {
    const words = inline(heading);
    // Bold within bold would end it.
    return words.includes("*") ? words : `*${words}*`;
  }
  const [, indent, item] = BULLET.exec(line) ?? [];
  return item === undefined ? inline(line) : `${indent}- ${inline(item)}`;
}

function inline(text: string): string {
  return text.replaceAll(INLINE, (all: string, ...groups: readonly (string | undefined)[]) => {
    const [escaped, code, , label, url, both, strong, strong2, struck, em] = groups;
    const bold = strong ?? strong2;
    if (escaped !== undefined) return escaped;
    if (code !== undefined) return code;
    if (label !== undefined && url !== undefined) return label === url ? url : `${inline(label)} (${url})`;
    if (both !== undefined) return `*_${inline(both)}_*`;
    if (bold !== undefined) return `*${inline(bold)}*`;
    if (struck !== undefined) return `~${inline(struck)}~`;
    return em === undefined ? all : `_${inline(em)}_`;
  });
}

/** A mark on some of a message's words. Offsets are UTF-16 units. https://core.telegram.org/bots/api#messageentity */
export interface Entity {
  readonly type: "bold" | "italic" | "strikethrough" | "code" | "pre" | "text_link" | "blockquote";
  readonly offset: number;
  readonly length: number;
  /** Of a `text_link`. */
  readonly url?: string;
  /** Of a `pre`. */
  readonly language?: string;
}

export interface MarkedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
const BULLET = /^(\s*)[-*+]\s+(.*)$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const TABLE = /^\s*\|.*\|\s*$/;

/** What is marked within a line, the first that matches. Each piece is a few thousand characters at the most. */
const INLINE = new RegExp(
  [
    String.raw`\\([!-/:-@[-\`{-~])`,
    String.raw`(\`+)(?!\`)(.+?)(?<!\`)\2(?!\`)`,
    String.raw`\[([^\]\n]+)\]\(\s*((?:https?|tg|mailto|tel):[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+"[^"]*")?\s*\)`,
    String.raw`\*\*(?=\S)(.+?)(?<=\S)\*\*`,
    String.raw`(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w|\.\w)`,
    String.raw`~~(?=\S)(.+?)(?<=\S)~~`,
    String.raw`(?<!\*)\*(?![\s*])([^*\n]+?)(?<![\s*])\*(?!\*)`,
    String.raw`(?<![\w_])_(?![\s_])([^_\n]+?)(?<![\s_])_(?![\w_])`,
  ].join("|"),
  "gs",
);

/**
 * Markdown as a plain text with Telegram's marks on it: nothing in it is ever refused for its syntax, as there is none
 * left. What Telegram does not know, such as a heading or a table, becomes what looks most like it. Pure.
 */
export function toEntities(markdown: string): MarkedText {
  const written = new Writer();
  const lines = markdown.split("\n");
  for (let at = 0; at < lines.length; ) {
    if (at > 0) written.write("\n");
    at = writeBlock(written, lines, at);
  }
  return { text: written.text, entities: written.entities };
}

/** Writes the block that begins at a line; answers where the next one does. */
function writeBlock(written: Writer, lines: readonly string[], at: number): number {
  const line = lines[at] ?? "";
  const [, fence, language = ""] = FENCE.exec(line) ?? [];
  if (fence !== undefined) {
    const close = lines.findIndex((one, index) => index > at && one.trim().startsWith(fence));
    const end = close < 0 ? lines.length : close;
    const code = lines.slice(at + 1, end).join("\n");
    written.mark({ type: "pre", ...(language ? { language } : {}) }, () => written.write(code));
    return end + 1;
  }
  const run = (pattern: RegExp) => {
    const end = lines.findIndex((one, index) => index >= at && !pattern.test(one));
    return lines.slice(at, end < 0 ? lines.length : end);
  };
  if (TABLE.test(line)) {
    const table = run(TABLE);
    written.mark({ type: "pre" }, () => written.write(table.join("\n")));
    return at + table.length;
  }
  if (QUOTE.test(line)) {
    const quoted = run(QUOTE).map((one) => QUOTE.exec(one)?.[1] ?? "");
    written.mark({ type: "blockquote" }, () => writeInline(written, quoted.join("\n")));
    return at + quoted.length;
  }
  const heading = HEADING.exec(line)?.[1];
  const [, indent, item] = BULLET.exec(line) ?? [];
  if (RULE.test(line)) written.write("———");
  else if (heading !== undefined) written.mark({ type: "bold" }, () => writeInline(written, heading));
  else if (item !== undefined) {
    written.write(`${indent}• `);
    writeInline(written, item);
  } else writeInline(written, line);
  return at + 1;
}

function writeInline(written: Writer, text: string): void {
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, escaped, , code, label, url, strong, strong2, struck, em, em2] = match;
    written.write(text.slice(from, match.index));
    from = match.index + all.length;
    const inner = (mark: Omit<Entity, "offset" | "length">, words: string) =>
      written.mark(mark, () => writeInline(written, words));
    const bold = strong ?? strong2;
    const italic = em ?? em2;
    if (escaped !== undefined) written.write(escaped);
    else if (code !== undefined) written.mark({ type: "code" }, () => written.write(code));
    else if (label !== undefined && url !== undefined) inner({ type: "text_link", url }, label);
    else if (bold !== undefined) inner({ type: "bold" }, bold);
    else if (struck !== undefined) inner({ type: "strikethrough" }, struck);
    else if (italic !== undefined) inner({ type: "italic" }, italic);
  }
  written.write(text.slice(from));
}

class Writer {
  text = "";
  readonly entities: Entity[] = [];
  private readonly open = new Set<Entity["type"]>();

  write(words: string): void {
    this.text += words;
  }

  /** Marks what `write` writes. One within another of its type says nothing more. */
  mark(mark: Omit<Entity, "offset" | "length">, write: () => void): void {
    const offset = this.text.length;
    const isNew = !this.open.has(mark.type);
    // Its place is before those within it.
    const place = this.entities.length;
    this.open.add(mark.type);
    write();
    if (!isNew) return;
    this.open.delete(mark.type);
    const length = this.text.trimEnd().length - offset;
    if (length > 0) this.entities.splice(place, 0, { ...mark, offset, length });
  }
}

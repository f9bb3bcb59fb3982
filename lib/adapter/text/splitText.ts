/** Where a text may be cut, the best first: what comes before the end of a match stays, the rest goes on. */
const BREAKS = [
  /\n[^\S\n]*\n/g, // paragraph
  /\n/g, // line
  /[.!?…]["'”’)\]]*\s|[。！？]/g, // sentence
  /\s/g, // word
];

/** A break is only taken when it leaves a piece at least this full; else the next kind is tried. */
const LEAST_FULL = 1 / 3;

/** More than one character has that people see as one, UTF-16 units: what follows may belong to it. */
const LONGEST = 64;

/**
 * Splits a text into pieces of at most `limit` UTF-16 units: after a paragraph, else a line, a sentence, a word, and
 * inside a word only when it is longer than a piece, never inside a character as people see it. A fenced code block that is cut is
 * closed and opened again. White space at a cut is dropped; every other character stays, in order. A piece splits into
 * itself. Empty for a blank text.
 */
export function splitText(text: string, limit: number): readonly string[] {
  if (limit < 2) throw new RangeError(`a limit of ${limit} can't hold every character; it must be 2 or more`);
  const pieces: string[] = [];
  let rest = trim(text.toWellFormed());
  let fence: Fence | undefined;
  while (rest !== "") {
    const piece = nextPiece(rest, limit, fence);
    if (piece.text !== "") pieces.push(piece.text);
    rest = piece.rest;
    fence = piece.fence;
  }
  return pieces;
}

interface Piece {
  readonly text: string;
  readonly rest: string;
  readonly fence: Fence | undefined;
}

/** @param fence the code block that `rest` starts in */
function nextPiece(rest: string, limit: number, fence: Fence | undefined): Piece {
  const opener = fence ? `${fence.opener}\n` : "";
  if (opener.length + rest.length <= limit) return { text: opener + rest, rest: "", fence: undefined };

  let room = limit - opener.length;
  for (;;) {
    const cut = whereToCut(rest, room);
    const head = rest.slice(0, cut).trimEnd();
    if (head === "") return { text: "", rest: rest.slice(cut), fence };
    // Rather without its indentation than broken.
    if (!fence && /^\s/.test(rest) && /^\S\S/.test(rest.slice(cut - 1))) {
      return { text: "", rest: rest.trimStart(), fence };
    }
    const open = fenceAfter(head, fence);
    // A fence that would fill half of a piece is not worth keeping: its lines go out as they are.
    if (!open || open.opener.length + open.closer.length + 2 > limit / 2) {
      return { text: opener + head, rest: tailOf(rest, cut), fence: undefined };
    }
    // Not after a block's first line: the piece would end in an empty block.
    if (open.at !== undefined && open.at > 0 && head.slice(open.at).indexOf("\n") < 0) {
      const before = rest.slice(0, open.at).trimEnd();
      if (before !== "") return { text: opener + before, rest: rest.slice(open.at), fence: undefined };
    }
    const closed = `${opener}${head}\n${open.closer}`;
    if (closed.length <= limit) return { text: closed, ...afterClosing(rest.slice(cut), open) };
    room = limit - opener.length - open.closer.length - 1;
  }
}

/** What is left of an open code block. When that is only its last line, the block is over: it was closed already. */
function afterClosing(tail: string, open: Fence): Omit<Piece, "text"> {
  const code = tail.replace(/^\n/, "");
  const [line = ""] = code.split("\n", 1);
  if (fenceAfter(line, open) === undefined) return { rest: trim(code.slice(line.length)), fence: undefined };
  return code.trim() === "" ? { rest: "", fence: undefined } : { rest: code, fence: open };
}

/** The index, 1 to `room`, before which a longer text is cut. */
function whereToCut(text: string, room: number): number {
  // One more than fits: white space there needs no place, as it is dropped.
  const window = text.slice(0, room + 1);
  for (const kind of BREAKS) {
    const cut = lastBreak(window, kind, room);
    if (cut >= room * LEAST_FULL) return cut;
  }
  const word = lastBreak(window, /\s/g, room);
  if (word > 0) return word;
  // What people see as one character, unless that alone is too long.
  const whole = new Intl.Segmenter("en").segment(text.slice(0, room + LONGEST)).containing(room)?.index ?? room;
  if (whole > 0) return whole;
  const inside = /[\uD800-\uDBFF]/.test(text.charAt(room - 1)) && room > 1;
  return inside ? room - 1 : room;
}

/** The end of the last match whose words fit into `room`; 0 when there is none after the first word. */
function lastBreak(window: string, kind: RegExp, room: number): number {
  let last = 0;
  for (const match of window.matchAll(kind)) {
    const end = match.index + match[0].length;
    const words = window.slice(0, end).trimEnd();
    if (words !== "" && words.length <= room) last = end;
  }
  return last;
}

/** What follows a cut outside code: the indentation of a line stays, the white space between two words goes. */
function tailOf(text: string, cut: number): string {
  const tail = text.slice(cut);
  return trim(text.charAt(cut - 1) === "\n" ? tail : tail.replace(/^[^\S\n]+/, ""));
}

/** Without blank lines at the start and white space at the end. The first line keeps its indentation. */
function trim(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

/** A fenced code block of Markdown that is still open. */
export interface Fence {
  /** The line that opens it, such as "```ts". */
  readonly opener: string;
  /** The line that closes it. */
  readonly closer: string;
  /** Where in the text the opening line begins; absent when it was open before. */
  readonly at?: number;
}

/** Three or more backticks or tildes; after backticks no more of them. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/;

/** The code block that is open at the end of `text`, given the one that is open at its start. */
export function fenceAfter(text: string, open: Fence | undefined): Fence | undefined {
  let fence = open && { opener: open.opener, closer: open.closer };
  let result: Fence | undefined = fence;
  let at = 0;
  for (const line of text.split("\n")) {
    const [, marker, info = ""] = FENCE.exec(line) ?? [];
    if (marker !== undefined) {
      if (!fence) {
        fence = { opener: line.trimEnd(), closer: marker };
        result = { ...fence, at };
      } else if (marker.startsWith(fence.closer) && info.trim() === "") {
        fence = undefined;
        result = undefined;
      }
    }
    at += line.length + 1;
  }
  return result;
}

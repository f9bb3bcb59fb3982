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

import * as v from "valibot";
import type { LineStream } from "../../adapter/http/HttpClient.ts";

/** Where a stream has ended without a reply: no line is it. */
export const BROKEN_OFF = "";

const deltaSchema = v.object({ delta: v.string() });

/** A reply that comes in lines of JSON. */
export interface ReplyReader {
  readonly stream: LineStream;
  /** The line with the reply, or the first that is none of ours; undefined where there was no stream. */
  last(): string | undefined;
}

/** Puts a reply's words together, tells them each time that there are more, and keeps the line that ends it. */
export function replyReader(show: (textSoFar: string) => void): ReplyReader {
  let said = "";
  let last: string | undefined;
  return {
    stream: {
      contentType: "application/x-ndjson",
      onLine: (line) => {
        // An empty line keeps the connection open.
        if (line.trim() === "" || (last !== undefined && last !== BROKEN_OFF)) return;
        const parsed = v.safeParse(deltaSchema, parseOrUndefined(line));
        last = parsed.success ? BROKEN_OFF : line;
        if (!parsed.success) return;
        said += parsed.output.delta;
        show(said);
      },
    },
    last: () => last,
  };
}

export function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error says what was expected instead.
    return undefined;
  }
}

import type { Clock } from "./Clock.ts";
import { clip } from "./clip.ts";
import { escapeUnsafe } from "./escapeUnsafe.ts";
import { inWords } from "./inWords.ts";
import type { LogFields, Logger } from "./Logger.ts";

const LEVELS = ["info", "warn", "error"];

/** The most of one text in a line, characters: an error may quote all that it was given. */
const MOST_TEXT = 1_000;

/** The most of a stack, characters. */
const MOST_STACK = 4_000;

/**
 * One JSON object a line, as CloudWatch Logs Insights reads it. Every control character is escaped, so no text can forge a
 * line or act on a terminal; what is longer than a fact is cut.
 *
 * @param least lines below this level are left out: `info`, `warn` or `error`; anything else is taken as `info`
 * @param scrub takes out of a text what must not stand in the log. It sees each text whole: what a cut has left of a
 * secret it could not tell
 */
export function jsonLogger(
  clock: Clock,
  least: string,
  write: (line: string) => void,
  scrub = (text: string) => text,
): Logger {
  const log = (level: string, event: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const facts = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? clip(scrub(value), name === "stack" ? MOST_STACK : MOST_TEXT) : value,
    ]);
    const time = new Date(clock.now()).toISOString();
    write(escapeUnsafe(JSON.stringify({ time, level, event, ...Object.fromEntries(facts) })));
  };
  return {
    info: (event, fields) => log("info", event, fields),
    warn: (event, fields) => log("warn", event, fields),
    error: (event, error, fields) => log("error", event, { ...fields, ...describe(error) }),
  };
}

function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: inWords(error) };
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(inWords(cause));
  }
  return {
    error: inWords(error.name),
    message: inWords(error.message),
    stack: stackOf(error),
    ...(causes.length > 0 ? { cause: causes.join(" <- ") } : {}),
  };
}

function stackOf(error: Error): string | undefined {
  try {
    return error.stack === undefined ? undefined : String(error.stack);
  } catch {
    // It is made of the message when it is first read, and that may be no text.
    return undefined;
  }
}

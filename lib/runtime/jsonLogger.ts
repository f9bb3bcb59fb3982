import { truncate } from "../adapter/text/truncate.ts";
import type { Clock, LogFields, Logger, Measure } from "../domain/observability.ts";
import { embedded } from "./embeddedMetrics.ts";

const LEVELS = ["info", "warn", "error"];

/** The most of one text in a line, characters: an error may quote all that it was given. */
const MAX_TEXT_LENGTH = 1_000;

/** The most of a stack, characters. */
const MOST_STACK = 4_000;

/**
 * One JSON object a line, as CloudWatch Logs Insights reads it. Every control character is escaped, so no text can forge a
 * line or act on a terminal; what is longer than a fact is cut.
 *
 * @param least lines below this level are left out: `info`, `warn` or `error`; anything else is taken as `info`
 * @param redact takes out of a text what must not stand in the log. It sees each text whole: what a cut has left of a
 * secret it could not tell
 * @param gateway the stack's name, where metrics are read from the log; a line that has some is written whatever its level
 */
export function jsonLogger(
  clock: Clock,
  least: string,
  write: (line: string) => void,
  redact = (text: string) => text,
  gateway?: string,
): Logger {
  const log = (level: string, event: string, fields: LogFields = {}, measures: readonly Measure[] = []) => {
    const now = clock.now();
    const metrics = gateway === undefined || measures.length === 0 ? undefined : embedded(gateway, now, measures);
    if (!metrics && LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const facts = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? truncate(redact(value), name === "stack" ? MOST_STACK : MAX_TEXT_LENGTH) : value,
    ]);
    const time = new Date(now).toISOString();
    write(escapeUnsafe(JSON.stringify({ time, level, event, ...Object.fromEntries(facts), ...metrics })));
  };
  return {
    info: (event, fields, measures) => log("info", event, fields, measures),
    warn: (event, fields) => log("warn", event, fields),
    error: (event, error, fields) => log("error", event, { ...fields, ...describe(error) }),
  };
}

function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: describeError(error) };
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(describeError(cause));
  }
  return {
    error: describeError(error.name),
    message: describeError(error.message),
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

/** Characters that JSON leaves as they are and that a terminal, or a reader of lines, may act on. */
const UNSAFE = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** JSON that means the same and is safe to print to a terminal. */
export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Whatever was thrown, as a text. JavaScript can throw what has none, and what reports it must not fail at that. */
export function describeError(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  } catch {
    return `a thrown ${typeof thrown} that has no words`;
  }
}

import type { Clock } from "./Clock.ts";
import type { LogFields, Logger } from "./Logger.ts";

const LEVELS = ["info", "warn", "error"];

/**
 * One JSON object a line, as CloudWatch Logs Insights reads it. JSON escapes line breaks, so no text can forge a line.
 *
 * @param least lines below this level are left out: `info`, `warn` or `error`; anything else is taken as `info`
 */
export function jsonLogger(clock: Clock, least: string, write: (line: string) => void): Logger {
  const log = (level: string, event: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, event, ...fields }));
  };
  return {
    info: (event, fields) => log("info", event, fields),
    warn: (event, fields) => log("warn", event, fields),
    error: (event, error, fields) => log("error", event, { ...fields, ...describe(error) }),
  };
}

function describe(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(`${cause.name}: ${cause.message}`);
  }
  return {
    error: error.name,
    message: error.message,
    stack: error.stack,
    ...(causes.length > 0 ? { cause: causes.join(" <- ") } : {}),
  };
}

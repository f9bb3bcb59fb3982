import { truncate } from "../../lib/adapter/text/truncate.ts";
import { singleLine } from "../../lib/operator/plain.ts";

/** The most of a line that the console shows, characters. */
const WIDTH = 240;

/** Fields that the console leaves out: they are in the log file, or said already. */
const LEFT_OUT = new Set(["time", "level", "event", "stack", "message", "error", "cause"]);

/**
 * A log line as the console shows it: one line for a warning or an error, nothing for the rest.
 *
 * @param line as the function wrote it; JSON with a `level`, or anything
 */
export function summarizeLine(functionName: string, line: string): string | undefined {
  const fields = parse(line);
  if (fields?.level !== "warn" && fields?.level !== "error") return undefined;
  const facts = Object.entries(fields)
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  const [message = ""] = String(fields.message ?? "").split("\n");
  // What the function's line escaped is whole again here, and a terminal reads this one.
  const text = [fields.level, functionName, fields.event, message, ...facts]
    .filter(Boolean)
    .map((part) => singleLine(String(part)))
    .join("  ");
  return truncate(text, WIDTH);
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

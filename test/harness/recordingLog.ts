import type { Clock, Logger } from "../../lib/domain/observability.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";

/** A metric that was put. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly by?: Readonly<Record<string, string>>;
}

/** A log that keeps what is written to it, and every metric that is put. */
export function recordingLog(clock: Clock, redact: (text: string) => string) {
  const logged: { readonly event: string; readonly error?: unknown }[] = [];
  /** Every metric that was put. */
  const measured: Measured[] = [];
  /** Those of `measured` that stand in a line of the log. */
  let carried = 0;
  /** Every line as it is written, in the functions' own format. */
  const lines: string[] = [];
  const json = jsonLogger(clock, "info", (line) => lines.push(redact(line)), redact);
  const log: Logger = {
    info(event, fields, measures = []) {
      logged.push({ event });
      json.info(event, fields);
      measured.push(...measures);
      carried += measures.length;
    },
    warn(event, fields) {
      logged.push({ event });
      json.warn(event, fields);
    },
    error(event, error, fields) {
      logged.push({ event, error });
      json.error(event, error, fields);
    },
  };
  return {
    log,
    logged,
    lines,
    measured,
    put(name: string, value: number, unit: string, by?: Measured["by"]) {
      measured.push({ name, value, unit, ...(by ? { by } : {}) });
    },
    get carried() {
      return carried;
    },
  };
}

import { systemClock } from "../domain/observability.ts";
import { emfMetrics } from "../runtime/embeddedMetrics.ts";
import { jsonLogger } from "../runtime/jsonLogger.ts";
import { environmentVariable } from "./environmentVariable.ts";
import type { CoreServices } from "./Services.ts";

/**
 * A function's clock, log and metrics, from its environment.
 *
 * @param redact takes out of a text what must not stand in the log: of each one, and of the finished line
 */
export function observabilityFromEnvironment(
  redact: (line: string) => string,
): Pick<CoreServices, "clock" | "log" | "metrics"> {
  const gateway = environmentVariable("GATEWAY_NAME", "vesper");
  const write = (line: string) => process.stdout.write(`${redact(line)}\n`);
  return {
    clock: systemClock,
    log: jsonLogger(systemClock, environmentVariable("LOG_LEVEL", "info"), write, redact, gateway),
    metrics: emfMetrics(systemClock, gateway, write),
  };
}

import type { Clock, Measure, Metrics } from "../domain/observability.ts";

/** What metrics are kept by, beside the gateway. */
const DIMENSIONS: ReadonlySet<string> = new Set(["Reason", "Part"]);

/**
 * Metrics as log lines that CloudWatch reads, so that a value costs no call:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param gateway the stack's name: the dimension that keeps two gateways of one account apart
 */
export function emfMetrics(clock: Clock, gateway: string, write: (line: string) => void): Metrics {
  return {
    put(name, value, unit, by = {}) {
      write(JSON.stringify(embedded(gateway, clock.now(), [{ name, value, unit, by }])));
    },
  };
}

/** What makes a log line one of metrics, too. @param Timestamp milliseconds since the epoch */
export function embedded(
  gateway: string,
  Timestamp: number,
  measures: readonly Measure[],
): Readonly<Record<string, unknown>> {
  const kinds = Map.groupBy(measures, ({ by }) => dimensionsOf(by).join());
  const CloudWatchMetrics = Array.from(kinds.values(), (alike) => ({
    Namespace: "Vesper",
    Dimensions: [dimensionsOf(alike[0]?.by)],
    Metrics: alike.map(({ name, unit }) => ({ Name: name, Unit: unit })),
  }));
  const values = measures.flatMap(({ name, value, by = {} }) => [...Object.entries(by), [name, value] as const]);
  return { _aws: { Timestamp, CloudWatchMetrics }, Gateway: gateway, ...Object.fromEntries(values) };
}

function dimensionsOf(by: Measure["by"] = {}): readonly string[] {
  return ["Gateway", ...Object.keys(by).filter((name) => DIMENSIONS.has(name))];
}

import type { Clock } from "./Clock.ts";
import type { Metrics } from "./Metrics.ts";

/**
 * Metrics as log lines that CloudWatch reads, so that a value costs no call:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param gateway the stack's name: the dimension that keeps two gateways of one account apart
 */
export function emfMetrics(clock: Clock, gateway: string, write: (line: string) => void): Metrics {
  return {
    put(name, value, unit, by = {}) {
      const dimensions = Object.keys(by).length > 0 ? [["Gateway"], ["Gateway", ...Object.keys(by)]] : [["Gateway"]];
      const directive = { Namespace: "Vesper", Dimensions: dimensions, Metrics: [{ Name: name, Unit: unit }] };
      const _aws = { Timestamp: clock.now(), CloudWatchMetrics: [directive] };
      write(JSON.stringify({ _aws, Gateway: gateway, ...by, [name]: value }));
    },
  };
}

import type { Clock } from "../../lib/domain/observability.ts";
import type { Address } from "../../lib/operator/gateway/address.ts";
import { clientDefaults } from "../../lib/services/environment.ts";
import { LogMetrics } from "../../local/metrics/LogMetrics.ts";
import { logSeries } from "./logSeries.ts";
import { type MetricRange, type MetricSeries, noSeries } from "./MetricSeries.ts";

/** An answer of CloudWatch is good for so long, milliseconds: each costs, and what is new comes a minute late anyway. */
const FRESH = 60_000;

/** Where the charts' values come from. */
export interface MetricsReader extends Disposable {
  /** A range's values; where there are none, the reason in words for the operator. @throws what is a bug */
  read(range: MetricRange): Promise<MetricSeries>;
}

/**
 * Reads a gateway's metrics: of one on this machine from its functions' logs, of a deployed one from CloudWatch, with the
 * operator's credentials.
 *
 * @param logsPath the folder of the logs on this machine
 * @param reasonOf what an error means to an operator; undefined when it is a bug
 */
export async function metricsReader(
  { name, deployment }: Address,
  clock: Clock,
  logsPath: string,
  reasonOf: (error: unknown) => string | undefined,
): Promise<MetricsReader> {
  if (!deployment) {
    const logs = new LogMetrics(logsPath);
    return { read: async (range) => logSeries(logs.read(), range), [Symbol.dispose]() {} };
  }
  // Loaded here alone: the gateway on this machine needs no client of CloudWatch.
  const [{ CloudWatchClient }, { cloudWatchSeries }] = await Promise.all([
    import("@aws-sdk/client-cloudwatch"),
    import("./cloudWatchSeries.ts"),
  ]);
  const client = new CloudWatchClient({ ...clientDefaults, ...deployment.settings });
  let last: { readonly key: string; readonly at: number; readonly series: Promise<MetricSeries> } | undefined;
  return {
    async read(range) {
      const [key, now] = [JSON.stringify(range), clock.now()];
      const asked = last?.key === key && now - last.at < FRESH ? last : undefined;
      last = asked ?? { key, at: now, series: cloudWatchSeries(client, name, range) };
      try {
        return await last.series;
      } catch (error) {
        last = undefined;
        const reason = reasonOf(error);
        if (reason === undefined) throw error;
        return noSeries(`CloudWatch: ${reason}`);
      }
    },
    [Symbol.dispose]: () => client.destroy(),
  };
}

import type { Config } from "../../../lib/config/Config.ts";
import type { Surroundings, Target } from "../../../lib/operator/gateway/address.ts";
import type { Gateway } from "../../../lib/operator/gateway/connect.ts";
import type { ConsoleLab } from "../ConsoleLab.ts";
import type { MetricSeries } from "../MetricSeries.ts";

/** What the page's calls work with. */
export interface ApiContext {
  readonly gateway: Gateway;
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly target: Target;
  /** Imports a config by its absolute path. */
  readonly loadConfig: (path: string) => Config;
  /** Only of a gateway on this machine. */
  readonly lab?: ConsoleLab;
  /** What was measured between two times, milliseconds since the epoch, in steps of so many milliseconds. */
  readonly readMetrics: (range: {
    readonly from: number;
    readonly to: number;
    readonly step: number;
  }) => Promise<MetricSeries>;
  /** Aborts when the console ends. */
  readonly signal: AbortSignal;
}

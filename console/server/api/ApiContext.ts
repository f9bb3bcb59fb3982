import type { Config } from "../../../lib/config/Config.ts";
import type { Surroundings, Target } from "../../../lib/operator/gateway/address.ts";
import type { Gateway } from "../../../lib/operator/gateway/connect.ts";
import type { ConsoleLab } from "../ConsoleLab.ts";
import type { MetricRange, MetricSeries } from "../MetricSeries.ts";

/** What the page's calls work with. */
export interface ApiContext {
  readonly gateway: Gateway;
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly target: Target;
  /** Imports a config by its absolute path. */
  readonly loadConfig: (path: string) => Promise<Config>;
  /** Only of a gateway on this machine. */
  readonly lab?: ConsoleLab;
  /** What was measured in a range. */
  readonly readMetrics: (range: MetricRange) => Promise<MetricSeries>;
  /** Takes what goes on behind a call, such as a bulk action; the console waits for it when it ends. */
  readonly background: (work: Promise<unknown>) => void;
  /** Aborts when the console ends. */
  readonly signal: AbortSignal;
}

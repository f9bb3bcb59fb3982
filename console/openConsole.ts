import { join } from "node:path";
import type { Config } from "../lib/config/Config.ts";
import { type Surroundings, stackPath, type Target } from "../lib/operator/gateway/address.ts";
import { connect } from "../lib/operator/gateway/connect.ts";
import { LogMetrics } from "../local/metrics/LogMetrics.ts";
import { buildPage } from "./buildPage.ts";
import type { ConsoleLab } from "./server/ConsoleLab.ts";
import { createApi } from "./server/createApi.ts";
import { type RunningConsole, startConsole } from "./server/startConsole.ts";
import { noSeries, toSeries } from "./server/toSeries.ts";

/** Which gateway a console is for, and how it is served. */
export interface ConsoleSettings {
  readonly surroundings: Surroundings;
  readonly target: Target;
  /** 0: any free one. */
  readonly port: number;
  readonly lab?: ConsoleLab;
  readonly loadConfig: (path: string) => Config;
  readonly onError: (error: unknown) => void;
}

/**
 * Serves the operators' page for a gateway on this machine or a deployed one.
 *
 * @throws ConsolePortError, and what `connect` and `loadConfig` throw
 */
export async function openConsole(settings: ConsoleSettings): Promise<RunningConsole> {
  const { surroundings, target, port, lab, loadConfig, onError } = settings;
  const gateway = await connect(surroundings, target);
  const ended = new AbortController();
  try {
    const [config, pagePath] = await Promise.all([loadConfig(gateway.address.configPath), buildPage()]);
    const logs = new LogMetrics(join(stackPath(surroundings.env), "..", "logs"));
    const context = {
      ...{ gateway, config, surroundings, target, loadConfig, signal: ended.signal, ...(lab ? { lab } : {}) },
      readMetrics: async (range: Parameters<typeof toSeries>[1]) =>
        gateway.address.deployment
          ? noSeries("of a deployed gateway they are on its CloudWatch dashboard")
          : toSeries(logs.read(), range),
    };
    const served = await startConsole({ port, pagePath, api: createApi(context, onError), onError });
    return {
      ...served,
      async close() {
        ended.abort();
        await served.close();
        gateway[Symbol.dispose]();
      },
    };
  } catch (error) {
    gateway[Symbol.dispose]();
    throw error;
  }
}

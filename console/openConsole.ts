import { join } from "node:path";
import type { Config } from "../lib/config/Config.ts";
import { type Surroundings, stackPath, type Target } from "../lib/operator/gateway/address.ts";
import { connect } from "../lib/operator/gateway/connect.ts";
import { reasonOf } from "../lib/operator/gateway/reasonOf.ts";
import { buildPage } from "./buildPage.ts";
import type { ConsoleLab } from "./server/ConsoleLab.ts";
import { createApi } from "./server/createApi.ts";
import { metricsReader } from "./server/metricsReader.ts";
import { type RunningConsole, startConsole } from "./server/startConsole.ts";

/** Which gateway a console is for, and how it is served. */
export interface ConsoleSettings {
  readonly surroundings: Surroundings;
  readonly target: Target;
  /** 0: any free one. */
  readonly port: number;
  readonly lab?: ConsoleLab;
  readonly loadConfig: (path: string) => Promise<Config>;
  readonly onError: (error: unknown) => void;
}

/**
 * Serves the operators' page for a gateway on this machine or a deployed one.
 *
 * @throws ConsolePortError, and what `connect` and `loadConfig` throw
 */
export async function openConsole(settings: ConsoleSettings): Promise<RunningConsole> {
  const { surroundings, target, port, lab, loadConfig, onError } = settings;
  const cleanUp = new DisposableStack();
  const gateway = cleanUp.use(await connect(surroundings, target));
  const ended = new AbortController();
  const works = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>) => {
    const ends = work.catch(onError).finally(() => works.delete(ends));
    works.add(ends);
  };
  const reason = (error: unknown) => reasonOf(error, surroundings.env, target);
  try {
    const logsPath = join(stackPath(surroundings.env), "..", "logs");
    const [config, pagePath, metrics] = await Promise.all([
      loadConfig(gateway.address.configPath),
      buildPage(),
      metricsReader(gateway.address, gateway.services.clock, logsPath, reason),
    ]);
    cleanUp.use(metrics);
    const context = {
      ...{ gateway, config, surroundings, target, loadConfig, background, signal: ended.signal },
      ...(lab ? { lab } : {}),
      readMetrics: metrics.read,
    };
    const served = await startConsole({ port, pagePath, api: createApi(context, onError), onError, reasonOf: reason });
    return {
      ...served,
      async close() {
        ended.abort();
        await served.close();
        // A bulk action stops after its batch, and gives its lease back, so that it can be resumed at once.
        await Promise.all(works);
        cleanUp.dispose();
      },
    };
  } catch (error) {
    cleanUp.dispose();
    throw error;
  }
}

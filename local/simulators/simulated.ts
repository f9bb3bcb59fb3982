import type { Config } from "../../lib/config/Config.ts";
import { markDefined } from "../../lib/config/definedConfig.ts";
import { redirectingClient } from "../../lib/runtime/redirectingClient.ts";

/**
 * A config whose platforms talk to their simulators.
 *
 * @param urls where the fake of each simulated platform's API is, by the platform's name
 */
export function simulated(config: Config, urls: Readonly<Record<string, string>>): Config {
  const platforms = Object.entries(config.platforms).map(([name, adapter]) => {
    const url = Object.hasOwn(urls, name) ? urls[name] : undefined;
    if (url === undefined) return [name, adapter];
    const create: typeof adapter.create = (services) =>
      adapter.create({ ...services, http: redirectingClient(services.http, url) });
    return [name, { ...adapter, create }];
  });
  return markDefined({ ...config, platforms: Object.fromEntries(platforms) });
}

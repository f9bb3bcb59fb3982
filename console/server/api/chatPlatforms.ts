import type { Config } from "../../../lib/config/Config.ts";
import { httpPlatform } from "../../../lib/operator/gateway/postMessage.ts";

/**
 * The platforms that one can chat on from the page, by their names in the config; the first is the one to begin with. Those
 * that are simulated come before the one of programs: somebody put them into the config to see their bot there.
 */
export function chatPlatforms(config: Config, simulated: readonly string[]): readonly string[] {
  const http = httpPlatform(config);
  return [...simulated, ...(http === undefined ? [] : [http])];
}

import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Operating } from "../../adapter/definePlatform.ts";
import { applicationOf, type DiscordOptions } from "./application.ts";
import { endpointProblem, setEndpoint, unsetEndpoint } from "./endpoint.ts";

/** Tells Discord the address and the commands, which a bot alone may do. */
export function operating(options: DiscordOptions, services: AdapterServices): Operating {
  const { token } = options;
  if (!token) return {};
  const { apiBase, readToken, readPublicKey } = applicationOf(options, services);
  const owner = async () => ({ apiBase, token: await readToken(token), publicKey: await readPublicKey() });
  return {
    register: async (url) => setEndpoint(await owner(), url, services),
    unregister: async () => unsetEndpoint(await owner(), services),
    registered: async (url) => (await endpointProblem(await owner(), url, services)) ?? true,
  };
}

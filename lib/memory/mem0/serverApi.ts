import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import type { SecretRef } from "../../adapter/options.ts";
import { call, listedSchema, type Mem0Api, toMemories } from "./Mem0Api.ts";

/**
 * A Mem0 server that a team hosts: https://docs.mem0.ai/open-source/features/rest-api. It extracts before it answers. There
 * a `run_id` is one more field of a memory, so that it can hold the delivery's key.
 */
export function serverApi(base: string, key: SecretRef | undefined, services: AdapterServices): Mem0Api {
  const headers = async () => (key ? { "x-api-key": await services.secrets.get(key) } : {});
  return {
    async add({ key: deliveryKey, userId, messages, session }, patience) {
      const body = { messages, user_id: userId, run_id: deliveryKey, metadata: { session } };
      const request = { url: `${base}/memories`, method: "POST", headers: await headers() } as const;
      // What it answers without that list was not said by a Mem0 server.
      readJson(listedSchema, base, await call(services, request, body, patience));
      return { id: deliveryKey, isEvent: false };
    },

    eventOf: undefined,

    async has({ key: deliveryKey, userId }, patience) {
      const url = `${base}/memories?user_id=${encodeURIComponent(userId)}&run_id=${deliveryKey}`;
      const listed = await call(services, { url, method: "GET", headers: await headers() }, undefined, patience);
      return readJson(listedSchema, base, listed).results.length > 0;
    },

    async search(userId, query, _limit, patience) {
      const request = { url: `${base}/search`, method: "POST", headers: await headers() } as const;
      // Older servers read the one, newer ones the other; none reads a limit.
      const body = { query, user_id: userId, filters: { user_id: userId } };
      return toMemories(base, await call(services, request, body, patience));
    },

    async forget(userId, patience) {
      const url = `${base}/memories?user_id=${encodeURIComponent(userId)}`;
      await call(services, { url, method: "DELETE", headers: await headers() }, undefined, patience);
    },
  };
}

import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpRequest } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { responseError } from "../../adapter/http/responseError.ts";
import type { Memory } from "../../adapter/MemoryProvider.ts";
import type { SecretRef } from "../../adapter/options.ts";
import type { Batch } from "./batchesOf.ts";

/** Time that a call has. */
type Patience = Pick<HttpRequest, "timeout" | "signal">;

const createdSchema = v.pipe(v.array(v.object({ id: v.string() })), v.minLength(1));

const pageSchema = v.object({ items: v.array(v.object({ id: v.string() })) });

const conclusionsSchema = v.array(v.object({ content: v.string(), created_at: v.string() }));

/** As many conclusions as are listed at once before they are deleted. */
const PAGE = 100;

/** https://www.rfc-editor.org/rfc/rfc9110#name-404-not-found */
const NOT_FOUND = 404;

/** What is used of Honcho's API, version 3: https://docs.honcho.dev/v3/api-reference. All of it throws `DeliveryError`. */
export function honchoApi(base: string, workspace: string, key: SecretRef | undefined, services: AdapterServices) {
  const call = async (method: HttpRequest["method"], path: string, body: object | undefined, patience: Patience) => {
    const headers = {
      ...(body ? { "content-type": "application/json" } : {}),
      ...(key ? { authorization: `Bearer ${await services.secrets.get(key)}` } : {}),
    };
    const url = `${base}/v3/workspaces/${workspace}/${path}`;
    const response = await exchange(services.http, {
      ...{ url, method, headers, ...patience },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.status < 200 || response.status > 299) throw responseError(url, response, services.clock.now());
    return response;
  };
  const filtersOf = (peer: string) => ({ observer_id: peer, observed_id: peer });

  return {
    /** Stores a batch, whole or not at all. Workspace, peers and session come into being with it. Answers the first id. */
    async add({ peer, messages }: Batch, patience: Patience): Promise<string | undefined> {
      const response = await call("POST", `sessions/${peer}/messages`, { messages }, patience);
      return readJson(createdSchema, base, response)[0]?.id;
    },

    async has({ peer, key: deliveryKey }: Batch, patience: Patience): Promise<boolean> {
      const filters = { metadata: { delivery_key: deliveryKey } };
      const path = `sessions/${peer}/messages/list?page=1&size=1`;
      const listed = await call("POST", path, { filters }, patience).catch(unlessUnknown);
      return listed !== undefined && readJson(pageSchema, base, listed).items.length > 0;
    },

    async search(peer: string, query: string, most: number, patience: Patience): Promise<readonly Memory[]> {
      const body = { query, top_k: most, filters: filtersOf(peer) };
      const found = await call("POST", "conclusions/query", body, patience).catch(unlessUnknown);
      return found === undefined ? [] : readJson(conclusionsSchema, base, found).map(toMemory);
    },

    /** Deletes what a peer has said, what was concluded of it, and its card. */
    async forget(peer: string, patience: Patience): Promise<void> {
      await call("DELETE", `sessions/${peer}`, undefined, patience).catch(unlessUnknown);
      for (;;) {
        const path = `conclusions/list?page=1&size=${PAGE}`;
        const page = await call("POST", path, { filters: filtersOf(peer) }, patience).catch(unlessUnknown);
        const items = page === undefined ? [] : readJson(pageSchema, base, page).items;
        if (items.length === 0) break;
        for (const { id } of items) {
          await call("DELETE", `conclusions/${encodeURIComponent(id)}`, undefined, patience).catch(unlessUnknown);
        }
      }
      await call("PUT", `peers/${peer}/card`, { peer_card: [] }, patience).catch(unlessUnknown);
    },
  };
}

/** Of whom nothing was kept yet, Honcho does not know. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof DeliveryError) || error.status !== NOT_FOUND) throw error;
}

function toMemory({ content, created_at }: v.InferOutput<typeof conclusionsSchema>[number]): Memory {
  const at = Date.parse(created_at);
  return { text: content, ...(Number.isNaN(at) ? {} : { at }) };
}

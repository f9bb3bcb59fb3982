import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import type { SecretRef } from "../../adapter/options.ts";
import { call, listedSchema, type Mem0Api, toMemories } from "./Mem0Api.ts";

/**
 * While the platform may be working on what it took, looking for it finds nothing. It is not sent again before that is
 * over, milliseconds.
 */
const AT_WORK = 60_000;

const addedSchema = v.object({ event_id: v.exactOptional(v.string()), status: v.exactOptional(v.string()) });

/** https://docs.mem0.ai/api-reference/events/get-event */
const eventSchema = v.object({
  status: v.picklist(["PENDING", "RUNNING", "SUCCEEDED", "FAILED"]),
  error: v.nullish(v.string()),
});

/** https://www.rfc-editor.org/rfc/rfc9110#name-404-not-found */
const NOT_FOUND = 404;

/** Mem0's hosted platform: https://docs.mem0.ai/api-reference. It acknowledges at once and extracts afterwards. */
export function platformApi(base: string, key: SecretRef | undefined, services: AdapterServices): Mem0Api {
  const headers = async () => (key ? { authorization: `Token ${await services.secrets.get(key)}` } : {});
  return {
    async add({ key: deliveryKey, userId, messages, session, endedAt }, patience) {
      const body = {
        messages,
        user_id: userId,
        // No `run_id`: a memory that has one is not found by its user alone.
        metadata: { delivery_key: deliveryKey, session },
        timestamp: endedAt,
      };
      const request = { url: `${base}/v3/memories/add/`, method: "POST", headers: await headers() } as const;
      const response = await call(services, request, body, patience).catch(waitLonger);
      const { event_id: id, status } = readJson(addedSchema, base, response);
      return { ...(id === undefined ? {} : { id }), isEvent: id !== undefined && status !== "SUCCEEDED" };
    },

    async eventOf(id, patience) {
      const url = `${base}/v1/event/${encodeURIComponent(id)}/`;
      const request = { url, method: "GET", headers: await headers() } as const;
      try {
        const { status, error } = readJson(eventSchema, base, await call(services, request, undefined, patience));
        if (status === "PENDING" || status === "RUNNING") return { state: "working" };
        return status === "SUCCEEDED" ? { state: "stored" } : { state: "failed", ...(error ? { error } : {}) };
      } catch (error) {
        if (error instanceof DeliveryError && error.status === NOT_FOUND) return { state: "lost" };
        throw error;
      }
    },

    async has({ key: deliveryKey, userId }, patience) {
      const request = { url: `${base}/v3/memories/?page_size=1`, method: "POST", headers: await headers() } as const;
      const filters = { AND: [{ user_id: userId }, { metadata: { delivery_key: deliveryKey } }] };
      return readJson(listedSchema, base, await call(services, request, { filters }, patience)).results.length > 0;
    },

    async search(userId, query, limit, patience) {
      const request = { url: `${base}/v3/memories/search/`, method: "POST", headers: await headers() } as const;
      const body = { query, filters: { user_id: userId }, top_k: limit };
      return toMemories(base, await call(services, request, body, patience));
    },

    async forget(userId, patience) {
      const url = `${base}/v1/memories/?user_id=${encodeURIComponent(userId)}`;
      await call(services, { url, method: "DELETE", headers: await headers() }, undefined, patience);
    },
  };
}

function waitLonger(error: unknown): never {
  if (!(error instanceof DeliveryError) || error.outcome !== "unknown") throw error;
  const { kind, message, status, body, outcome, retryAfter = 0 } = error;
  throw new DeliveryError(kind, message, {
    cause: error,
    outcome,
    retryAfter: Math.max(AT_WORK, retryAfter),
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : { body }),
  });
}

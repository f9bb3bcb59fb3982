import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpRequest, HttpResponse } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { responseError } from "../../adapter/http/responseError.ts";
import type { Memory, MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { secretSchema, urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import type { Json } from "../../domain/json.ts";
import { bankOf, retainsOf } from "./retainsOf.ts";

const optionsSchema = strictFields({ url: urlSchema, key: v.exactOptional(secretSchema) });

/** The longest that a call for a recall may take, milliseconds; its own signal ends it sooner. */
const RECALL_TIMEOUT = 10_000;

/** How long forgetting may take at the service, milliseconds. */
const FORGET_TIMEOUT = 30_000;

/** The most of a query, characters. */
const MOST_QUERY = 1_000;

/** As much as the gateway puts before an agent, roughly; for one item at the least. Tokens. */
const tokensOf = (limit: number) => Math.max(256, Math.min(limit, 20) * 64);

const retainedSchema = v.object({ success: v.literal(true), operation_id: v.nullish(v.string()) });

/** One that the service works on, as the receipt passes it on. */
const acceptedSchema = v.object({ operations: v.array(v.object({ bank: v.string(), id: v.string() })) });

type Operation = v.InferOutput<typeof acceptedSchema>["operations"][number];

/** https://hindsight.vectorize.io/developer/api/operations */
const statusSchema = v.object({
  status: v.picklist(["pending", "processing", "completed", "failed", "cancelled", "not_found"]),
  error_message: v.nullish(v.string()),
});

const checkpointSchema = v.object({ failed: v.array(v.string()) });

const recalledSchema = v.object({
  results: v.array(
    v.object({ text: v.string(), occurred_start: v.nullish(v.string()), mentioned_at: v.nullish(v.string()) }),
  ),
});

/**
 * Memory at Hindsight: https://hindsight.vectorize.io. A user of ours is a bank there; what was said in a group is kept in a
 * bank for that group.
 *
 * Hindsight knows a call by its `operation_id`, and a session by its `document_id`: each is the same on every attempt. It
 * extracts afterwards: a session is stored when the operation is completed. An operation that failed is not begun again by
 * its id, so that a session that is sent again has another one, which replaces the document.
 *
 * @example
 * hindsight({ url: "https://api.hindsight.vectorize.io", key: secret("HINDSIGHT_API_KEY") })
 */
export const hindsight = defineAdapter(
  "memory",
  "hindsight",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ url, key }, services): MemoryProvider => {
        const { http, secrets, clock } = services;
        const call = async (
          method: HttpRequest["method"],
          path: string,
          body: object | undefined,
          patience: Pick<HttpRequest, "timeout" | "signal" | "idempotent">,
        ): Promise<HttpResponse> => {
          const headers = {
            ...(body ? { "content-type": "application/json" } : {}),
            ...(key ? { authorization: `Bearer ${await secrets.get(key)}` } : {}),
          };
          const at = `${url.replace(/\/+$/, "")}/v1/default/banks/${path}`;
          const response = await exchange(http, {
            ...{ url: at, method, headers, ...patience },
            ...(body ? { body: JSON.stringify(body) } : {}),
          });
          if (response.status < 200 || response.status > 299) throw errorOf(at, response, clock.now());
          return response;
        };
        return {
          capabilities: { idempotency: "server-key" },

          async onSessionEnd(session, { deliveryKey, timeout, signal, checkpoint }) {
            const retains = retainsOf(session, deliveryKey, new Set(failedIn(checkpoint)));
            const operations: Operation[] = [];
            for (const { bank, body } of retains) {
              const response = await call("POST", `${bank}/memories`, body, { timeout, signal, idempotent: true });
              operations.push({ bank, id: readJson(retainedSchema, url, response).operation_id ?? body.operation_id });
            }
            const banks = [...new Set(retains.map(({ bank }) => bank))];
            const body = `${retains.length} documents for ${banks.join(", ") || "nobody"}`;
            const [first] = operations;
            return { body, ...(first ? { id: first.id, accepted: { operations } } : {}) };
          },

          async confirm(accepted, { timeout, signal, checkpoint, saveCheckpoint }) {
            const failures: { readonly id: string; readonly error: DeliveryError }[] = [];
            for (const { bank, id } of v.parse(acceptedSchema, accepted).operations) {
              const patience = { timeout, signal, idempotent: true };
              const answer = readJson(
                statusSchema,
                url,
                await call("GET", `${bank}/operations/${id}`, undefined, patience),
              );
              const isAtWork = answer.status === "pending" || answer.status === "processing";
              if (isAtWork && failures.length === 0) return { outcome: "working" };
              if (!isAtWork && answer.status !== "completed") failures.push({ id, error: failureOf(id, answer) });
            }
            const [first] = failures;
            if (!first) return { outcome: "stored", receipt: {} };
            await saveCheckpoint({ failed: [...failedIn(checkpoint), ...failures.map(({ id }) => id)] });
            return { outcome: "failed", error: first.error };
          },

          async recall(query, signal) {
            if (query.limit < 1) return [];
            const text = query.text.toWellFormed().trim().slice(0, MOST_QUERY) || "what is known of the user";
            const body = { query: text, budget: "low", max_tokens: tokensOf(query.limit), include: { entities: null } };
            const patience = { timeout: RECALL_TIMEOUT, signal, idempotent: true };
            try {
              const response = await call("POST", `${bankOf(query)}/memories/recall`, body, patience);
              return readJson(recalledSchema, url, response).results.slice(0, query.limit).map(toMemory);
            } catch (error) {
              // Nothing was kept of this user yet.
              if (error instanceof DeliveryError && error.status === NOT_FOUND) return [];
              throw error;
            }
          },

          async forget(who) {
            const patience = { timeout: FORGET_TIMEOUT, signal: AbortSignal.timeout(FORGET_TIMEOUT) };
            await call("DELETE", bankOf(who), undefined, patience).catch((error: unknown) => {
              if (!(error instanceof DeliveryError) || error.status !== NOT_FOUND) throw error;
            });
          },
        };
      },
);

/** https://www.rfc-editor.org/rfc/rfc9110#name-404-not-found */
const NOT_FOUND = 404;

/** An operation id that is used for something else: https://www.rfc-editor.org/rfc/rfc9110#name-409-conflict */
const CONFLICT = 409;

/** Operations of this session that the service has failed at. */
function failedIn(checkpoint: Json | undefined): readonly string[] {
  const parsed = v.safeParse(checkpointSchema, checkpoint);
  return parsed.success ? parsed.output.failed : [];
}

/** What it says of the failure may have the user's words in it, so that the ledger alone has that. */
function failureOf(id: string, { status, error_message: body }: v.InferOutput<typeof statusSchema>): DeliveryError {
  const state = status === "not_found" ? "is not known there" : status === "failed" ? "has failed" : `is ${status}`;
  return new DeliveryError("transient", `the operation ${id} ${state}`, {
    outcome: "rejected",
    ...(body ? { body } : {}),
  });
}

/** No retry mends a conflict here: it would be the same operation. */
function errorOf(url: string, response: HttpResponse, now: number): DeliveryError {
  const error = responseError(url, response, now);
  if (response.status !== CONFLICT) return error;
  return new DeliveryError("invalid", `${error.message}: its operation id stands for other words there`, {
    cause: error,
    status: CONFLICT,
    ...(error.body === undefined ? {} : { body: error.body }),
  });
}

function toMemory(found: v.InferOutput<typeof recalledSchema>["results"][number]): Memory {
  const at = Date.parse(found.mentioned_at ?? found.occurred_start ?? "");
  return { text: found.text, ...(Number.isNaN(at) ? {} : { at }) };
}

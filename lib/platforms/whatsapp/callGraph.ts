import type * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpRequest } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { failureOf } from "./failureOf.ts";

/** Meta answers within a second or two; what takes longer is called again. Milliseconds. */
const TIMEOUT = 10_000;

/** Where the Graph API is, and in which version. */
export interface GraphApi {
  /** Such as `https://graph.facebook.com`. */
  readonly apiBase: string;
  /** Such as `v26.0`. */
  readonly version: string;
}

/** A call of the Graph API. */
export interface GraphCall extends GraphApi {
  readonly method: HttpRequest["method"];
  /** Behind the version. */
  readonly path: string;
  readonly token: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Secrets in the body. @default none */
  readonly hidden?: readonly string[];
}

/**
 * Calls the Graph API once, and answers what `schema` reads of its answer. Throws `DeliveryError`, in which neither the
 * token nor what is hidden ever stands.
 */
export async function callGraph<Schema extends v.GenericSchema>(
  schema: Schema,
  { apiBase, version, method, path, token, body, hidden = [] }: GraphCall,
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
): Promise<v.InferOutput<Schema>> {
  const url = `${apiBase}/${version}/${path}`;
  const response = await exchange(http, {
    url,
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeout: TIMEOUT,
  });
  if (response.status >= 200 && response.status < 300) return readJson(schema, url, response);
  throw failureOf(response, [token, ...hidden], clock.now());
}

import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import { exchange } from "../../adapter/http/exchange.ts";
import type { HttpRequest, HttpResponse } from "../../adapter/http/HttpClient.ts";
import { readJson } from "../../adapter/http/readJson.ts";
import { responseError } from "../../adapter/http/responseError.ts";
import type { Memory } from "../../adapter/MemoryProvider.ts";
import type { Addition } from "./additionsOf.ts";

/** Time that a call has. */
export interface Patience {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** What the service said of an addition. */
export interface Added {
  readonly id?: string;
  readonly isEvent: boolean;
}

/** The work on an addition. */
export interface Mem0Event {
  /** `lost`: the service does not know it. */
  readonly state: "working" | "stored" | "failed" | "lost";
  /** Why it failed, which may have the user's words in it. */
  readonly error?: string;
}

/** What both of Mem0's APIs can do. All of it throws `DeliveryError`. */
export interface Mem0Api {
  /** Has facts extracted. Answers the service's own id of what it took, and whether that is the event of work to come. */
  add(addition: Addition, patience: Patience): Promise<Added>;
  /** What became of an event; undefined where there are none, as the service extracts before it answers. */
  readonly eventOf: ((id: string, patience: Patience) => Promise<Mem0Event>) | undefined;
  /** Whether anything that came of the addition is stored. */
  has(addition: Addition, patience: Patience): Promise<boolean>;
  search(userId: string, query: string, limit: number, patience: Patience): Promise<readonly Memory[]>;
  forget(userId: string, patience: Patience): Promise<void>;
}

/** Makes a call and returns a 2xx answer. */
export async function call(
  { http, clock }: Pick<AdapterServices, "http" | "clock">,
  request: Pick<HttpRequest, "url" | "method" | "headers">,
  body: object | undefined,
  { timeout, signal }: Patience,
): Promise<HttpResponse> {
  const response = await exchange(http, {
    ...request,
    headers: { ...request.headers, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    timeout,
    signal,
  });
  if (response.status < 200 || response.status > 299) throw responseError(request.url, response, clock.now());
  return response;
}

/** A list of which only the length counts. */
export const listedSchema = v.object({ results: v.array(v.unknown()) });

const foundSchema = v.object({
  results: v.array(
    v.object({ memory: v.string(), created_at: v.nullish(v.string()), updated_at: v.nullish(v.string()) }),
  ),
});

/** The memories of an answer, with the times at which they were learnt. */
export function toMemories(url: string, response: HttpResponse): readonly Memory[] {
  return readJson(foundSchema, url, response).results.map(({ memory, created_at, updated_at }) => {
    const at = Date.parse(updated_at ?? created_at ?? "");
    return { text: memory, ...(Number.isNaN(at) ? {} : { at }) };
  });
}

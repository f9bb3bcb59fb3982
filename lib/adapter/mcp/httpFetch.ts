import type { Clock } from "../../domain/observability.ts";
import { DeliveryError } from "../errors.ts";
import { exchange } from "../http/exchange.ts";
import type { HttpClient } from "../http/HttpClient.ts";
import { responseError } from "../http/responseError.ts";

/** An answer that has no body: https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** What the library makes its requests with, and why the last one failed, in the gateway's words. */
export interface HttpFetch {
  readonly fetch: (url: string | URL, init?: RequestInit) => Promise<Response>;
  readonly failure: () => DeliveryError | undefined;
}

/**
 * The gateway's HTTP client in the form of `fetch`: it goes to no address that is not for us, follows no redirect and takes
 * no endless answer. A stream that a server would open of its own accord is not asked for: an answer comes with its call.
 */
export function httpFetch(http: HttpClient, clock: Clock, timeout: number): HttpFetch {
  let failure: DeliveryError | undefined;
  return {
    failure: () => failure,
    fetch: async (url, { method = "GET", headers, body, signal } = {}) => {
      if (method !== "POST" && method !== "DELETE") return new Response(null, { status: 405 });
      try {
        const answer = await exchange(http, {
          url: String(url),
          method,
          headers: Object.fromEntries(new Headers(headers)),
          ...(typeof body === "string" ? { body } : {}),
          timeout,
          ...(signal ? { signal } : {}),
        });
        const { status, text, headers: given } = answer;
        if (status > 299) failure = responseError(String(url), answer, clock.now());
        // The library would follow it.
        if (failure && status < 400) throw failure;
        return new Response(WITHOUT_BODY.has(status) ? null : text, { status, headers: { ...given } });
      } catch (error) {
        if (error instanceof DeliveryError) failure = error;
        throw error;
      }
    },
  };
}

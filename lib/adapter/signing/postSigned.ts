import { sha256 } from "../../domain/ids.ts";
import type { AdapterServices } from "../AdapterServices.ts";
import { exchange } from "../http/exchange.ts";
import type { HttpResponse, LineStream } from "../http/HttpClient.ts";
import { responseError } from "../http/responseError.ts";
import type { SecretRef } from "../options.ts";
import { asAuthFailure } from "../readSecret.ts";
import { signingKeys } from "./signingSecrets.ts";
import { signWebhook } from "./standardWebhooks.ts";

/** A call to a program that takes Standard Webhooks. */
export interface SignedPost {
  readonly url: string;
  readonly secrets: readonly SecretRef[];
  /** The call's `webhook-id`: the same on every attempt, so that the receiver knows a repetition. */
  readonly id: string;
  readonly body: unknown;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Asks for an answer that comes line by line, and hears it. The receiver may answer in one piece all the same. */
  readonly stream?: LineStream;
}

/** Posts JSON, signed afresh. Returns a 2xx answer; throws `DeliveryError` for all else. */
export async function postSigned(post: SignedPost, services: AdapterServices): Promise<HttpResponse> {
  const body = JSON.stringify(post.body);
  const keys = await signingKeys(post.secrets, services.secrets).catch((cause: unknown) => {
    throw asAuthFailure(cause);
  });
  const response = await exchange(services.http, {
    url: post.url,
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(post.stream ? { accept: `${post.stream.contentType}, application/json` } : {}),
      ...signWebhook(keys, post.id, services.clock.now(), body),
    },
    body,
    timeout: post.timeout,
    // By its `webhook-id` the receiver knows a repetition.
    idempotent: true,
    ...(post.signal ? { signal: post.signal } : {}),
    ...(post.stream ? { stream: post.stream } : {}),
  });
  if (response.status < 200 || response.status > 299) throw responseError(post.url, response, services.clock.now());
  return response;
}

/** A `webhook-id` for outgoing calls: the same for the same key, and nothing of the key can be read from it. */
export function webhookId(key: string): string {
  return `msg_${sha256(key).toString("hex").slice(0, 32)}`;
}

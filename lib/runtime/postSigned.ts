import type { SecretRef } from "../config/secret.ts";
import type { AdapterServices } from "./AdapterServices.ts";
import { DeliveryError } from "./DeliveryError.ts";
import { exchange } from "./exchange.ts";
import type { HttpResponse } from "./HttpClient.ts";
import { responseError } from "./responseError.ts";
import { SecretFormatError } from "./SecretFormatError.ts";
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
}

/** Posts JSON, signed afresh. Returns a 2xx answer; throws `DeliveryError` for all else. */
export async function postSigned(post: SignedPost, services: AdapterServices): Promise<HttpResponse> {
  const body = JSON.stringify(post.body);
  const keys = await signingKeys(post.secrets, services.secrets).catch((cause: unknown) => {
    if (!(cause instanceof SecretFormatError)) throw cause;
    throw new DeliveryError("auth", cause.message, { cause, outcome: "not-sent" });
  });
  const response = await exchange(services.http, {
    url: post.url,
    method: "POST",
    headers: { "content-type": "application/json", ...signWebhook(keys, post.id, services.clock.now(), body) },
    body,
    timeout: post.timeout,
    // By its `webhook-id` the receiver knows a repetition.
    idempotent: true,
    ...(post.signal ? { signal: post.signal } : {}),
  });
  if (response.status < 200 || response.status > 299) throw responseError(post.url, response, services.clock.now());
  return response;
}

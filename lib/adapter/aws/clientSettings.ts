import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { AwsSettings } from "../AdapterServices.ts";

/** A connection that can't be made is broken, milliseconds. */
const CONNECTION_TIMEOUT = 2_000;

/**
 * What an adapter's AWS client is made with: no retries, which the queue owns; and HTTP/1, whose connections end with a
 * call's signal and are the same behind proxies. How long a call may take its own signal says: `callSignal`.
 */
export function clientSettings(aws: AwsSettings) {
  return { ...aws, maxAttempts: 1, requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECTION_TIMEOUT }) };
}

/** A signal that aborts with another one, or after so many milliseconds. */
export function callSignal(timeout: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, Math.ceil(timeout)))]);
}

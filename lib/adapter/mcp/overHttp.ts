import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import type { AdapterServices } from "../AdapterServices.ts";
import type { DeliveryError } from "../errors.ts";
import type { SecretRef } from "../options.ts";
import { httpFetch } from "./httpFetch.ts";

/** A way to a server of the Model Context Protocol. */
export interface McpWay {
  readonly transport: Transport;
  /** Why the last request failed, in the gateway's words. */
  failure(): DeliveryError | undefined;
  /** Tells the server that it is over. Never fails. */
  leave(): Promise<void>;
}

/** The way to a server that speaks streamable HTTP, by the gateway's own HTTP client. */
export async function overHttp(
  { url, key }: { readonly url: string; readonly key?: SecretRef },
  { http, secrets, clock, log }: AdapterServices,
  timeout: number,
): Promise<McpWay> {
  const headers = key ? { authorization: `Bearer ${await secrets.get(key)}` } : {};
  const { fetch, failure } = httpFetch(http, clock, timeout);
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch, requestInit: { headers } });
  const leave = () =>
    // What was done stays done: the server forgets the connection by itself after a while.
    transport.terminateSession().catch((error: unknown) => {
      log.warn("mcp.leave.failed", { why: error instanceof Error ? error.name : "an odd error" });
    });
  return { transport, failure, leave };
}

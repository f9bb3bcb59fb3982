import { Client } from "@modelcontextprotocol/client";
import type { HttpRequest } from "../http/HttpClient.ts";
import type { McpWay } from "./overHttp.ts";
import { callError } from "./toolError.ts";

/**
 * Connects to a server of the Model Context Protocol, works with it, and takes leave: a function may be frozen in between.
 * Throws `DeliveryError`.
 */
export async function withClient<Result>(
  { transport, failure, leave }: McpWay,
  { timeout, signal }: Required<Pick<HttpRequest, "timeout" | "signal">>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ name: "vesper", version: "1" });
  try {
    await client.connect(transport, { timeout, signal }).catch((error: unknown) => {
      throw callError(error, failure(), signal);
    });
    const result = await work(client);
    await leave();
    return result;
  } finally {
    await client.close();
  }
}

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { HttpRequest } from "../../adapter/http/HttpClient.ts";
import type { Json } from "../../domain/json.ts";
import { httpFetch } from "./httpFetch.ts";
import type { Server, ToolCall } from "./optionsSchema.ts";
import { tellsOfError } from "./readMemories.ts";
import { fillIn, type Values } from "./template.ts";
import { callError, toolError } from "./toolError.ts";

/** Calls a tool with its placeholders filled in. Throws `DeliveryError`. */
export type CallTool = (call: ToolCall, values: Values, signal: AbortSignal) => Promise<unknown>;

/**
 * Connects to a server, works with its tools, and takes leave. A connection lasts for one delivery or one recall, as a
 * function may be frozen in between. Throws `DeliveryError`.
 */
export async function withServer<Result>(
  server: Server,
  services: AdapterServices,
  { timeout, signal }: Required<Pick<HttpRequest, "timeout" | "signal">>,
  work: (callTool: CallTool) => Promise<Result>,
): Promise<Result> {
  const { transport, failure, leave } = await open(server, services, timeout);
  const client = new Client({ name: "vesper", version: "1" });
  const patience = (one: AbortSignal) => ({ timeout, signal: one });
  try {
    await client.connect(transport, patience(signal)).catch((error: unknown) => {
      throw callError(error, failure(), signal);
    });
    const result = await work(async ({ tool, arguments: template }, values, callSignal) => {
      const filled = objectOf(fillIn(template, values));
      const answer = await client
        .callTool({ name: tool, arguments: filled }, patience(callSignal))
        .catch((error: unknown) => {
          throw callError(error, failure(), callSignal);
        });
      if (answer.isError || tellsOfError(answer)) throw toolError(tool, answer.content);
      return answer;
    });
    await leave();
    return result;
  } finally {
    await client.close();
  }
}

function objectOf(filled: Json): Readonly<Record<string, unknown>> {
  return typeof filled === "object" && filled !== null ? { ...filled } : {};
}

async function open(server: Server, { http, secrets, clock, log }: AdapterServices, timeout: number) {
  if ("command" in server) {
    // Only on a machine of one's own: a function that is deployed never loads it.
    const { getDefaultEnvironment, StdioClientTransport } = await import("@modelcontextprotocol/client/stdio");
    const { command, args, env } = server;
    const transport = new StdioClientTransport({
      ...{ command, args: [...args], env: { ...getDefaultEnvironment(), ...env } },
      stderr: "ignore",
    });
    return { transport, failure: () => undefined, leave: async () => {} };
  }
  const headers = server.key ? { authorization: `Bearer ${await secrets.get(server.key)}` } : {};
  const { fetch, failure } = httpFetch(http, clock, timeout);
  const transport = new StreamableHTTPClientTransport(new URL(server.url), { fetch, requestInit: { headers } });
  const leave = () =>
    // What was done stays done: the server forgets the connection by itself after a while.
    transport.terminateSession().catch((error: unknown) => {
      log.warn("mcp.leave.failed", { why: error instanceof Error ? error.name : "an odd error" });
    });
  return { transport, failure, leave };
}

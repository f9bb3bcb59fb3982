import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { HttpRequest } from "../../adapter/http/HttpClient.ts";
import { type McpWay, overHttp } from "../../adapter/mcp/overHttp.ts";
import { callError, toolError } from "../../adapter/mcp/toolError.ts";
import { withClient } from "../../adapter/mcp/withClient.ts";
import type { Json } from "../../domain/json.ts";
import type { Server, ToolCall } from "./optionsSchema.ts";
import { tellsOfError } from "./readMemories.ts";
import { fillIn, type Values } from "./template.ts";

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
  const way = await open(server, services, timeout);
  return withClient(way, { timeout, signal }, (client) =>
    work(async ({ tool, arguments: template }, values, callSignal) => {
      const filled = objectOf(fillIn(template, values));
      const answer = await client
        .callTool({ name: tool, arguments: filled }, { timeout, signal: callSignal })
        .catch((error: unknown) => {
          throw callError(error, way.failure(), callSignal);
        });
      if (answer.isError || tellsOfError(answer)) throw toolError(tool, answer.content);
      return answer;
    }),
  );
}

function objectOf(filled: Json): Readonly<Record<string, unknown>> {
  return typeof filled === "object" && filled !== null ? { ...filled } : {};
}

async function open(server: Server, services: AdapterServices, timeout: number): Promise<McpWay> {
  if (!("command" in server)) return overHttp(server, services, timeout);
  // Only on a machine of one's own: a function that is deployed never loads it.
  const { getDefaultEnvironment, StdioClientTransport } = await import("@modelcontextprotocol/client/stdio");
  const { command, args, env } = server;
  const transport = new StdioClientTransport({
    ...{ command, args: [...args], env: { ...getDefaultEnvironment(), ...env } },
    stderr: "ignore",
  });
  return { transport, failure: () => undefined, leave: async () => {} };
}

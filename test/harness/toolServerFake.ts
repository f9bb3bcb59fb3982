import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** What a tool answers to a call. */
export type ToolAnswer = (input: Readonly<Record<string, unknown>>) => string;

export interface ToolServerFake extends FaultServer {
  readonly key: string;
  /** Every call of a tool, in order. */
  readonly called: readonly { readonly name: string; readonly arguments: unknown }[];
  /** How often its tools were listed. */
  readonly listed: () => number;
}

/**
 * A server with tools, by the Model Context Protocol's streamable HTTP, without sessions:
 * https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
 */
export async function startToolServerFake(tools: Readonly<Record<string, ToolAnswer>>): Promise<ToolServerFake> {
  const key = "tools-test-0123456789abcdef";
  const called: { name: string; arguments: unknown }[] = [];
  let listed = 0;

  const resultOf = (method: string, params: Readonly<Record<string, unknown>>): object | undefined => {
    if (method === "initialize") {
      const { protocolVersion } = params;
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "fake", version: "1" } };
    }
    if (method === "tools/list") {
      listed += 1;
      return {
        tools: Object.keys(tools).map((name) => ({
          ...{ name, description: `Does ${name}.` },
          inputSchema: { type: "object", properties: { city: { type: "string" } } },
        })),
      };
    }
    if (method !== "tools/call") return undefined;
    const name = String(params.name);
    const answer = tools[name];
    if (!answer) return { content: [{ type: "text", text: `no tool ${name}` }], isError: true };
    called.push({ name, arguments: params.arguments });
    return { content: [{ type: "text", text: answer({ ...(params.arguments ?? {}) }) }] };
  };

  const accept = ({ method: verb, headers, body }: SeenRequest): Answer => {
    if (headers.authorization !== `Bearer ${key}`) return { status: 401 };
    if (verb !== "POST") return { status: 405 };
    const { jsonrpc, id, method, params = {} } = JSON.parse(body);
    if (jsonrpc !== "2.0") return { status: 400 };
    if (id === undefined) return { status: 202 };
    const result = resultOf(method, params);
    const answer = result ? { result } : { error: { code: -32601, message: "no such method" } };
    const text = JSON.stringify({ jsonrpc, id, ...answer });
    return { status: 200, headers: { "content-type": "application/json" }, body: text };
  };

  return { ...(await startFaultServer(accept)), key, called, listed: () => listed };
}

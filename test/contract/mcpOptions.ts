import { secret } from "../../lib/adapter/options.ts";
import type { FaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { mcp } from "../../lib/memory/mcp/mcp.ts";

export const KEY = "mcp-test-0123456789abcdef";

/** The tools of `@modelcontextprotocol/server-memory`, as docs/start/mcp.md has them. */
export const TOOLS: Parameters<typeof mcp>[0]["tools"] = {
  store: [
    {
      tool: "create_entities",
      arguments: { entities: [{ name: "{user}", entityType: "person", observations: [] }] },
    },
    { tool: "add_observations", arguments: { observations: [{ entityName: "{user}", contents: ["{messages}"] }] } },
  ],
  recall: { tool: "open_nodes", arguments: { names: ["{user}"] }, items: "entities.*.observations.*", take: "last" },
  forget: { tool: "delete_entities", arguments: { entityNames: ["{user}"] } },
};

export const optionsFor = ({ url }: FaultServer): Parameters<typeof mcp>[0] => ({
  server: { url: `${url}/mcp`, key: secret("MCP") },
  tools: TOOLS,
  repeated: "ignored",
});

export const providerOf = (options: Parameters<typeof mcp>[0]) =>
  mcp(options).create(testServices({ MCP: KEY }, 2_000));

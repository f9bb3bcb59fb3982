import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { keptFor } from "../../adapter/keptFor.ts";
import { overHttp } from "../../adapter/mcp/overHttp.ts";
import { callError } from "../../adapter/mcp/toolError.ts";
import { withClient } from "../../adapter/mcp/withClient.ts";
import { secretSchema, urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import type { Patience, Toolbox, ToolSpec } from "../../adapter/Toolbox.ts";
import { jsonSchema } from "../../domain/json.ts";

/** A server's tools are those of its last release for so long, milliseconds. */
const LISTED_FOR = 10 * 60_000;

const TOOLS_SHOWS = 'a list of the names of tools, such as ["search"]';

const optionsSchema = strictFields({
  url: urlSchema,
  key: v.exactOptional(secretSchema),
  only: v.exactOptional(v.pipe(v.array(v.string(TOOLS_SHOWS), TOOLS_SHOWS), v.minLength(1, TOOLS_SHOWS))),
});

const inputSchema = v.record(v.string(), jsonSchema);

/**
 * The tools of a server that speaks the Model Context Protocol over streamable HTTP: https://modelcontextprotocol.io. `key` is
 * sent as a bearer token. `only` names the tools that may be called; without it all of the server's may.
 *
 * @example
 * chat({ model, tools: { shop: mcpServer({ url: "https://shop.example.com/mcp", key: secret("SHOP_KEY"), only: ["find_order"] }) } })
 */
export const mcpServer = defineAdapter(
  "tools",
  "mcp",
  optionsSchema,
  process.env.VESPER_WITHOUT_MODELS
    ? undefined
    : ({ only, ...server }, services): Toolbox => {
        const list = async (patience: Patience): Promise<readonly ToolSpec[]> => {
          const way = await overHttp(server, services, patience.timeout);
          const { tools } = await withClient(way, patience, (client) =>
            client.listTools(undefined, { ...patience }).catch((error: unknown) => {
              throw callError(error, way.failure(), patience.signal);
            }),
          );
          return tools
            .filter(({ name }) => only?.includes(name) ?? true)
            .map(({ name, description = "", inputSchema: parameters }) => ({
              ...{ name, description, parameters: v.parse(inputSchema, parameters) },
            }));
        };
        return {
          list: keptFor(services.clock, LISTED_FOR, list),

          async call(tool, input, patience) {
            const way = await overHttp(server, services, patience.timeout);
            const { content, isError } = await withClient(way, patience, (client) =>
              client.callTool({ name: tool, arguments: { ...input } }, { ...patience }).catch((error: unknown) => {
                throw callError(error, way.failure(), patience.signal);
              }),
            );
            const text = content
              .map((part) => (part.type === "text" ? part.text : `(${part.type}, which is not shown)`))
              .join("\n");
            return { text, ...(isError ? { isError: true } : {}) };
          },
        };
      },
);

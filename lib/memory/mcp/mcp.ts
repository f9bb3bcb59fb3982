import { defineAdapter } from "../../adapter/Adapter.ts";
import type { EndedSession, MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { sendParts } from "../../adapter/sendParts.ts";
import { optionsSchema } from "./optionsSchema.ts";
import { type Portion, portionsOf, userIdOf } from "./portionsOf.ts";
import { readMemories } from "./readMemories.ts";
import { withServer } from "./withServer.ts";

/** The longest that a recall may take, milliseconds; its own signal ends it sooner. */
const RECALL_TIMEOUT = 10_000;

/** How long forgetting may take at the server, milliseconds. */
const FORGET_TIMEOUT = 30_000;

/** The most of a query, characters. */
const MOST_QUERY = 1_000;

/**
 * Memory behind any server that speaks the Model Context Protocol: https://modelcontextprotocol.io. The config names the
 * tools that store, recall and forget, and what they are called with; `{user}` in it stands for an id that no two users,
 * tenants or groups share.
 *
 * A server is an address that speaks streamable HTTP, or, on your own machine, a program.
 *
 * @example
 * mcp({
 *   server: { url: "https://memory.example.com/mcp", key: secret("MEMORY_KEY") },
 *   tools: {
 *     store: [{ tool: "add_memory", arguments: { group_id: "{user}", name: "{key}", episode_body: "{transcript}" } }],
 *   },
 * })
 */
export const mcp = defineAdapter(
  "memory",
  "mcp",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ server, tools: { store, recall, forget }, repeated }, services): MemoryProvider => ({
        capabilities: { idempotency: repeated === "ignored" ? "upsert" : "none" },

        async onSessionEnd(session, call) {
          const portions = portionsOf(session, call.deliveryKey);
          if (portions.length > 0) {
            await withServer(server, services, call, (callTool) => {
              const add = async ({ values }: Portion, signal: AbortSignal) => {
                for (const one of store) await callTool(one, values, signal);
                return undefined;
              };
              // There is nothing to look for one by.
              return sendParts(portions, { has: async () => false, add }, call);
            });
          }
          return { body: describePortions(session, portions) };
        },

        ...(recall
          ? {
              async recall(query, signal) {
                if (query.limit < 1) return [];
                const text = query.text.toWellFormed().trim().slice(0, MOST_QUERY) || "what is known of the user";
                const values = { user: userIdOf(query), query: text, limit: query.limit };
                const patience = { timeout: RECALL_TIMEOUT, signal };
                const answer = await withServer(server, services, patience, (callTool) =>
                  callTool(recall, values, signal),
                );
                return readMemories(answer, recall, query.limit);
              },
            }
          : {}),

        ...(forget
          ? {
              async forget(who) {
                const patience = { timeout: FORGET_TIMEOUT, signal: AbortSignal.timeout(FORGET_TIMEOUT) };
                const values = { user: userIdOf(who) };
                await withServer(server, services, patience, (callTool) => callTool(forget, values, patience.signal));
              },
            }
          : {}),
      }),
  {
    limits: ({ concurrency }) => (concurrency === undefined ? {} : { concurrency }),
    hereOnly: ({ server }) =>
      "command" in server
        ? "it starts a program, which a deployed function does not have: name the url of a server that speaks streamable HTTP"
        : undefined,
  },
);

function describePortions({ messages }: EndedSession, portions: readonly Portion[]): string {
  const users = new Set(portions.map(({ user }) => user));
  const pieces = portions.reduce((sum, portion) => sum + portion.messages, 0);
  return `${pieces} messages of ${messages.length}, for ${[...users].join(", ") || "nobody"}`;
}

import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import type { EndedSession, MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { secretSchema, urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { sendParts } from "../../adapter/sendParts.ts";
import { type Batch, batchesOf, LIMITS, peerIdOf } from "./batchesOf.ts";
import { honchoApi } from "./honchoApi.ts";

const WORKSPACE_SHOWS = 'the id of a workspace: letters, digits, "_" and "-", such as "gateway"';

const KEY_SHOWS = 'a reference made by secret("NAME"); only a server that you host may do without';

const SERVICE = "https://api.honcho.dev";

const optionsSchema = v.pipe(
  strictFields({
    workspace: v.pipe(v.string(WORKSPACE_SHOWS), v.regex(/^[\w-]{1,512}$/, WORKSPACE_SHOWS)),
    key: v.exactOptional(secretSchema),
    url: v.optional(urlSchema, SERVICE),
  }),
  v.check(({ key, url }) => url !== SERVICE || key !== undefined, KEY_SHOWS),
);

/** The longest that a call for a recall may take, milliseconds; its own signal ends it sooner. */
const RECALL_TIMEOUT = 10_000;

/** How long forgetting may take at the service, milliseconds. */
const FORGET_TIMEOUT = 60_000;

/** More than these the service does not return. */
const MOST_CONCLUSIONS = 100;

/** More of a message than tells what it is about, characters. */
const MOST_QUERY = 1_000;

/**
 * Memory at Honcho, which draws conclusions about people with a model of its own: https://docs.honcho.dev. A user of ours is
 * a peer there, with one session for all that they say; what was said in a group is kept for that group alone.
 *
 * Honcho knows no key of a call. Each message is marked with one in its metadata, and looked for before it is repeated.
 *
 * @example
 * honcho({ workspace: "gateway", key: secret("HONCHO_API_KEY") })
 * honcho({ workspace: "gateway", url: "http://honcho.internal:8000" })
 */
export const honcho = defineAdapter(
  "memory",
  "honcho",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ workspace, key, url }, services): MemoryProvider => {
        const api = honchoApi(url.replace(/\/+$/, ""), workspace, key, services);
        return {
          capabilities: { idempotency: "read-back" },

          async onSessionEnd(session, call) {
            const batches = batchesOf(session, call.deliveryKey);
            const { timeout } = call;
            const sender = {
              has: (batch: Batch, signal: AbortSignal) => api.has(batch, { timeout, signal }),
              add: (batch: Batch, signal: AbortSignal) => api.add(batch, { timeout, signal }),
            };
            const [id] = await sendParts(batches, sender, call);
            return { ...(id === undefined ? {} : { id }), body: describeBatches(session, batches, workspace) };
          },

          async recall(query, signal) {
            if (query.limit < 1) return [];
            const text = query.text.toWellFormed().trim().slice(0, MOST_QUERY) || "what is known of the user";
            const most = Math.min(query.limit, MOST_CONCLUSIONS);
            const found = await api.search(peerIdOf(query), text, most, { timeout: RECALL_TIMEOUT, signal });
            return found.slice(0, query.limit);
          },

          async forget(who) {
            await api.forget(peerIdOf(who), { timeout: FORGET_TIMEOUT, signal: AbortSignal.timeout(FORGET_TIMEOUT) });
          },
        };
      },
  { limits: () => LIMITS },
);

function describeBatches({ messages }: EndedSession, batches: readonly Batch[], workspace: string): string {
  const peers = new Set(batches.map(({ peer }) => peer));
  const pieces = batches.reduce((sum, batch) => sum + batch.messages.length, 0);
  return `${pieces} messages of ${messages.length} in workspace ${workspace}, for ${[...peers].join(", ") || "nobody"}`;
}

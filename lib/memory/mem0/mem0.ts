import * as v from "valibot";
import { defineAdapter } from "../../adapter/Adapter.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { MemoryProvider } from "../../adapter/MemoryProvider.ts";
import { secretSchema, urlSchema } from "../../adapter/options.ts";
import { strictFields } from "../../adapter/schema/strictFields.ts";
import { confirmSession } from "./confirmSession.ts";
import { platformApi } from "./platformApi.ts";
import { sendSession } from "./sendSession.ts";
import { serverApi } from "./serverApi.ts";
import { userIdOf } from "./userIdOf.ts";

const API_SHOWS = '"platform" for api.mem0.ai, "server" for one that you host';

const KEY_SHOWS = 'a reference made by secret("NAME"); only a server that you host may do without';

const PLATFORM = "https://api.mem0.ai";

const optionsSchema = v.pipe(
  strictFields({
    api: v.optional(v.picklist(["platform", "server"], API_SHOWS), "platform"),
    key: v.exactOptional(secretSchema),
    url: v.optional(urlSchema, PLATFORM),
  }),
  v.check(({ api, key }) => api === "server" || key !== undefined, KEY_SHOWS),
  v.check(({ api, url }) => api === "platform" || url !== PLATFORM, "a server that you host needs its url, too"),
);

/** The longest that a call for a recall may take, milliseconds; its own signal ends it sooner. */
const RECALL_TIMEOUT = 10_000;

/** More of a message than tells what it is about, characters. */
const MOST_QUERY = 1_000;

/** How long forgetting may take at the service, milliseconds. */
const FORGET_TIMEOUT = 30_000;

/**
 * Memory at Mem0, which extracts facts with a model of its own: https://docs.mem0.ai. A user of ours is a `user_id` there;
 * what was said in a group is kept for that group alone.
 *
 * Mem0 knows no key of a call. Each delivery is marked with one in its metadata, and looked for before it is repeated, so
 * that a repetition is rare: only while the platform is still working on what it took without our hearing of it. The
 * platform answers with an event, and extracts afterwards: a session is stored when its events have succeeded.
 *
 * @example
 * mem0({ key: secret("MEM0_API_KEY") })
 * mem0({ api: "server", url: "http://mem0.internal:8888", key: secret("MEM0_API_KEY") })
 */
export const mem0 = defineAdapter(
  "memory",
  "mem0",
  optionsSchema,
  process.env.VESPER_WITHOUT_MEMORY
    ? undefined
    : ({ api: kind, key, url }, services): MemoryProvider => {
        const base = url.replace(/\/+$/, "");
        const api = kind === "server" ? serverApi(base, key, services) : platformApi(base, key, services);
        const { eventOf } = api;
        return {
          capabilities: { idempotency: "read-back" },

          onSessionEnd: (session, call) => sendSession(api, session, call),

          ...(eventOf ? { confirm: (accepted, call) => confirmSession(eventOf, accepted, call) } : {}),

          async recall(query, signal) {
            if (query.limit < 1) return [];
            const text = query.text.toWellFormed().trim().slice(0, MOST_QUERY) || "what is known of the user";
            const found = await api.search(userIdOf(query), text, query.limit, { timeout: RECALL_TIMEOUT, signal });
            return found.slice(0, query.limit);
          },

          forget: (who) =>
            api
              .forget(userIdOf(who), { timeout: FORGET_TIMEOUT, signal: AbortSignal.timeout(FORGET_TIMEOUT) })
              .catch((error: unknown) => {
                // Of whom nothing was kept, Mem0 may not know.
                if (!(error instanceof DeliveryError) || error.kind !== "gone") throw error;
              }),
        };
      },
);

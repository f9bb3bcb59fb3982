import * as v from "valibot";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { exchange } from "../../lib/adapter/http/exchange.ts";
import { responseError } from "../../lib/adapter/http/responseError.ts";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { secretSchema } from "../../lib/adapter/options.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { webhookId } from "../../lib/adapter/signing/postSigned.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";

/** Where sessions are accepted, and below it, by their keys, what became of them. */
export const WORK_URL = "https://memory.test/accepted";

const ticketSchema = v.object({ id: v.string() });

const answerSchema = v.object({ state: v.picklist(["working", "stored", "failed", "refused"]) });

/** A provider that takes a session by the calls of `webhook`, and works on it later. */
export const acceptingProvider = defineAdapter(
  "memory",
  "accepting",
  strictFields({ secret: secretSchema }),
  ({ secret }, services): MemoryProvider => {
    const inner = webhook({ url: WORK_URL, secret }).create(services);
    return {
      capabilities: inner.capabilities,

      async onSessionEnd(session, call) {
        const receipt = await inner.onSessionEnd(session, call);
        return { ...receipt, accepted: { id: webhookId(call.deliveryKey) } };
      },

      async confirm(accepted, { timeout, signal }) {
        const url = `${WORK_URL}/${v.parse(ticketSchema, accepted).id}`;
        const response = await exchange(services.http, { url, method: "GET", timeout, signal });
        if (response.status === 404) return { outcome: "failed", error: new DeliveryError("transient", "not known") };
        if (response.status >= 300) throw responseError(url, response, services.clock.now());
        const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), response.text);
        if (!answer.success) throw new DeliveryError("transient", "an odd answer");
        const { state } = answer.output;
        if (state === "working") return { outcome: "working" };
        if (state === "stored") return { outcome: "stored", receipt: { id: state } };
        return { outcome: "failed", error: new DeliveryError(state === "failed" ? "transient" : "invalid", state) };
      },
    };
  },
  { recalls: false },
);

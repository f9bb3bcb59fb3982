import {
  defineAdapter,
  exchange,
  type MemoryProvider,
  responseError,
  secretOf,
  strictFields,
  urlSchema,
} from "vesper/adapter";

const TOKEN = { shows: '"nt_" and 32 letters', matches: (value: string) => /^nt_[a-z]{32}$/.test(value) };

/** A memory provider that keeps each session as a note, under an address of its own. It recalls nothing. */
export const notes = defineAdapter(
  "memory",
  "notes",
  strictFields({ url: urlSchema, token: secretOf(TOKEN) }),
  ({ url, token }, { http, secrets, clock }): MemoryProvider => ({
    capabilities: { idempotency: "upsert" },
    async onSessionEnd({ messages, users }, { deliveryKey, timeout, signal }) {
      const response = await exchange(http, {
        // The same address on every attempt: an upsert.
        url: `${url}/${deliveryKey}`,
        method: "PUT",
        headers: { authorization: `Bearer ${await secrets.get(token)}`, "content-type": "application/json" },
        body: JSON.stringify({ users, messages }),
        timeout,
        signal,
      });
      if (response.status !== 200) throw responseError(url, response, clock.now());
      return { status: response.status };
    },
  }),
  { recalls: false },
);

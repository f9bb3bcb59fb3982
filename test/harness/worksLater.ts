import * as v from "valibot";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { Confirmation, EndedSession, MemoryProvider, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";

/** What became of a session, or an error that asking ends with. */
type Fate = Confirmation | Error;

/** A memory provider that accepts sessions, works on them, and tells of each what the test says. It knows a delivery's key. */
export function worksLater() {
  const taken = new Map<string, { readonly session: string; readonly words: string }>();
  const fates = new Map<string, Fate>();
  const later = {
    /** The keys of all deliveries, repeated ones too, in order. */
    sent: [] as string[],
    /** The sessions that it was asked for, in order. */
    asked: [] as string[],
    /** What it says of any session of which `fates` says nothing. */
    fate: { outcome: "working" } as Fate,
    /** By session. */
    fates,
    forgotten: 0,
    /** What it throws instead of taking a session. */
    refuses: undefined as Error | undefined,
    adapter: defineAdapter(
      "memory",
      "later",
      v.strictObject({}),
      (): MemoryProvider => ({
        capabilities: { idempotency: "server-key" },
        onSessionEnd: async ({ session, messages }: EndedSession, { deliveryKey }: ProviderCall) => {
          if (later.refuses) throw later.refuses;
          later.sent.push(deliveryKey);
          taken.set(deliveryKey, { session, words: JSON.stringify(messages) });
          return { id: `op-${taken.size}`, status: 202, accepted: { key: deliveryKey } };
        },
        confirm: async (accepted) => {
          const { key } = v.parse(v.object({ key: v.string() }), accepted);
          const session = taken.get(key)?.session ?? "";
          later.asked.push(session);
          const fate = fates.get(session) ?? later.fate;
          if (fate instanceof Error) throw fate;
          return fate;
        },
        forget: async () => void later.forgotten++,
      }),
    ),
  };
  return later;
}

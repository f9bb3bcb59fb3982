import { expect, it } from "vitest";
import { DeliveryError } from "../../../../lib/adapter/errors.ts";
import type { Confirmation, MemoryProvider } from "../../../../lib/adapter/MemoryProvider.ts";
import { memoryProviderConformance } from "../../../../lib/adapter/testing/memoryProviderConformance.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { hindsight } from "../../../../lib/memory/hindsight/hindsight.ts";
import { startHindsightFake } from "../../../harness/hindsightFake.ts";
import { failingTests } from "./failingTests.ts";

type Asking = NonNullable<MemoryProvider["confirm"]>;

/** What one may get wrong around a provider that is right, and a test of the suite that finds it. */
const BROKEN: Readonly<Record<string, readonly [(right: MemoryProvider) => MemoryProvider, string]>> = {
  "says stored while its service works": [
    answering((answer) => (answer.outcome === "working" ? { outcome: "stored", receipt: {} } : answer)),
    "says accepted, by what survives JSON, and working for as long as its service works",
  ],
  "never says stored": [
    answering((answer) => (answer.outcome === "stored" ? { outcome: "working" } : answer)),
    "says stored, with a receipt, once its service has stored it, as often as it is asked",
  ],
  "says accepted by what JSON can't hold": [
    (right) => ({ ...right, onSessionEnd: async () => ({ accepted: { at: new Date() as never } }) }),
    "says accepted, by what survives JSON, and working for as long as its service works",
  ],
  "throws what its service has failed at": [
    answering((answer) => {
      if (answer.outcome === "failed") throw answer.error;
      return answer;
    }),
    "says that a session has failed that failed, and stores it when it is sent again",
  ],
  "takes what is lost for stored": [
    answering((answer) => (answer.outcome === "failed" ? { outcome: "stored", receipt: {} } : answer)),
    "says that a session has failed of which its service knows nothing any more, and stores it when it is sent again",
  ],
  "sends what failed under the same key": [
    asking((confirm) => (accepted, call) => confirm(accepted, { ...call, saveCheckpoint: async () => {} })),
    "says that a session has failed that failed, and stores it when it is sent again",
  ],
  "takes a service that can't be asked for one that has failed": [
    asking(
      (confirm) => (accepted, call) =>
        confirm(accepted, call).catch(() => ({ outcome: "failed", error: new DeliveryError("transient", "no") })),
    ),
    "throws when it can't be asked: takes 503 as passing",
  ],
  "asks twice by itself": [
    asking((confirm) => (accepted, call) => confirm(accepted, call).catch(() => confirm(accepted, call))),
    "throws when it can't be asked: takes 503 as passing",
  ],
};

it.each(Object.entries(BROKEN))("finds a memory provider that %s", async (_, [broken, title]) => {
  const fixture = async () => {
    const server = await startHindsightFake();
    const right = hindsight({ url: server.url, key: { secret: "KEY" } }).create(
      testServices({ KEY: server.key }, 5_000),
    );
    return {
      ...{ provider: broken(right), server, work: server, secrets: [server.key] },
      stored: async () => [...server.banks].map(([bank, documents]) => [bank, Object.fromEntries(documents)]),
      close: () => server.close(),
    };
  };
  const failing = await failingTests((runner) =>
    memoryProviderConformance(runner, "broken", fixture, {
      server: false,
      idempotency: "server-key",
      recall: false,
      forget: false,
      confirm: true,
    }),
  );
  expect(failing).toContain(title);
});

function asking(alter: (confirm: Asking) => Asking): (right: MemoryProvider) => MemoryProvider {
  return (right) => ({ ...right, ...(right.confirm ? { confirm: alter(right.confirm) } : {}) });
}

function answering(alter: (answer: Confirmation) => Confirmation): (right: MemoryProvider) => MemoryProvider {
  return asking((confirm) => async (accepted, call) => alter(await confirm(accepted, call)));
}

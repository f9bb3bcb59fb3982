import type { EndedSession } from "../../lib/adapter/MemoryProvider.ts";
import { secret } from "../../lib/adapter/options.ts";
import { endedSession } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import { mem0 } from "../../lib/memory/mem0/mem0.ts";
import type { Mem0Fake } from "../harness/mem0Fake.ts";

export const providerOf = (server: Mem0Fake, api: "platform" | "server") =>
  mem0({ api, url: server.url, key: secret("MEM0") }).create(testServices({ MEM0: server.key }, 2_000));

export const ana = { id: "u-ana", name: "Ana" };

const bea = { id: "u-bea", name: "Bea" };

/** What two people of a group said, and were answered. */
export function groupSession(): EndedSession {
  return endedSession({
    chat: { id: "g-1", type: "group" },
    users: [ana, bea],
    messages: [
      { role: "user", content: "I like tea.", author: ana, at: 1 },
      { role: "assistant", content: "Tea, Ana.", at: 2 },
      { role: "user", content: "I like coffee.", author: bea, at: 3 },
      { role: "assistant", content: "Coffee, Bea.", at: 4 },
    ],
  });
}

import type { Conversation } from "../../lib/domain/Conversation.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { conversationItem, hookItem, sessionItem } from "../../lib/store/keys.ts";
import type { StepHarness } from "./createStepHarness.ts";

/** A session's id that is in that part of the index, from that number on. */
export function idIn(part: number, from = 0): string {
  for (let number = from; ; number++) if (stateKey("DUE", `S${number}`) === `DUE#${part}`) return `S${number}`;
}

/** An open session that is due at `at`, and whose conversation expires at `expiresAt`. */
export function putOpenSession(
  harness: StepHarness,
  now: number,
  { id, at, expiresAt }: { readonly id: string; readonly at: number; readonly expiresAt: number },
): void {
  const lease = { id, turn: "TURN#1", until: 0 };
  const conversation: Conversation = {
    ...{ session: id, startedAt: now, startedBy: "TURN#1", lastActivityAt: now, origin: "chat", lease },
    ...{ expiresAt: expiresAt / 1_000, expiresWhy: "idle" },
  };
  harness.put({ ...conversationItem(id), ...conversation });
  harness.put({
    ...{ ...sessionItem(id, id), session: id, conversation: id, platform: "http", chat: { id, type: "dm" } },
    ...{ origin: "chat", startedAt: now, status: "open", state: stateKey("DUE", id), at },
  });
}

/** A pending hook that the sweep is to look at. */
export const putPendingHook = (harness: StepHarness, now: number, at: number) =>
  harness.put({
    ...{ ...hookItem("S1", "crm"), session: "S1", conversation: "c", provider: "crm", status: "pending" },
    ...{ createdAt: now, attempts: 0, failures: [], nextAttemptAt: now + 500 * 1_000, redrives: 0, enqueues: 0 },
    ...{ state: stateKey("DUE", "S1"), at },
  });

import type { Conversation } from "../../../lib/domain/Conversation.ts";

/** 2026-03-02T10:00:00Z, milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 2, 2, 10);

/** A conversation whose session ends an hour from `NOW`, by its idle limit. */
export function conversation(changes: Partial<Conversation> = {}): Conversation {
  return {
    session: "OLD",
    startedAt: NOW - 3_600_000,
    startedBy: "TURN#first",
    expiresAt: NOW / 1000 + 3_600,
    expiresWhy: "idle",
    lastActivityAt: NOW,
    lease: { id: "lease-1", turn: "TURN#held", until: NOW + 30_000 },
    origin: "chat",
    ...changes,
  };
}

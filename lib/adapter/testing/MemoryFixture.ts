import type { EndedSession, MemoryProvider, ProviderCall } from "../MemoryProvider.ts";
import type { FaultServer } from "./faultServer.ts";
import { callOf } from "./sessions.ts";

/** A provider in its surroundings, made afresh for each test. */
export interface MemoryFixture {
  readonly provider: MemoryProvider;
  /** All that has been remembered, as JSON: equal when nothing has changed, different when anything has. */
  stored(): Promise<unknown>;
  /** The scripted stand-in for the provider's server, where it has one. */
  readonly server?: FaultServer;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Delivers a session. */
export function deliver({ provider }: MemoryFixture, session: EndedSession, changes: Partial<ProviderCall> = {}) {
  return provider.onSessionEnd(session, callOf(session, changes));
}

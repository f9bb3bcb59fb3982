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
  /** The hands on what its service works on, where it accepts sessions and works on them later. */
  readonly work?: Work;
  /** Values that must never show in an error. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What the suite is told of a provider, and holds it to; tests of what it lacks are left out. */
export interface ProviderHas {
  /** A server of its own, which the suite lets fail. */
  readonly server: boolean;
  /** What it makes of a repeated delivery, as its capabilities say. */
  readonly idempotency: MemoryProvider["capabilities"]["idempotency"];
  readonly recall: boolean;
  readonly forget: boolean;
  /** It accepts sessions and works on them later. @default false */
  readonly confirm?: boolean;
}

/** What a service works on. Until it is held, it stores at once what it takes. */
export interface Work {
  /** From now on what it takes waits. */
  hold(): void;
  /** All that waits is stored. */
  finish(): void;
  /** The work on all that waits fails, and nothing of it is stored. */
  fail(): void;
  /** It knows nothing any more of all that waits. */
  lose(): void;
}

/** Delivers a session. */
export function deliver({ provider }: MemoryFixture, session: EndedSession, changes: Partial<ProviderCall> = {}) {
  return provider.onSessionEnd(session, callOf(session, changes));
}

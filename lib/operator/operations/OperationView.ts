import { isoTime } from "../views.ts";
import type { Operation } from "./Operation.ts";

/** A bulk action as programs read it. A contract: keys are added, never changed. Times in ISO 8601; null: not so (yet). */
export interface OperationView {
  readonly id: string;
  readonly name: string;
  readonly verb: Operation["verb"];
  readonly filter: string;
  /** Of a replay. */
  readonly provider: string | null;
  /** `stopped`: running, but no process is at it. */
  readonly status: Operation["status"] | "stopped";
  readonly reason: string | null;
  readonly who: string;
  readonly why: string | null;
  readonly createdAt: string | null;
  readonly endedAt: string | null;
  readonly count: number;
  readonly done: number;
  readonly left: number;
  readonly cleared: number;
  readonly canary: number;
  readonly rate: number | null;
}

/** @param now milliseconds since the epoch */
export function operationView(operation: Operation, now: number): OperationView {
  const { id, name, verb, filter, provider = null, status, reason = null, who, why = null, rate = null } = operation;
  const isStopped = status === "running" && (operation.lease?.until ?? 0) <= now;
  return {
    ...{ id, name, verb, filter, provider, status: isStopped ? "stopped" : status, reason, who, why, rate },
    createdAt: isoTime(operation.createdAt),
    endedAt: isoTime(operation.endedAt),
    ...{ count: operation.count, done: operation.done, left: operation.left, cleared: operation.cleared ?? 0 },
    canary: operation.canary,
  };
}

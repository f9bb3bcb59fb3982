import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";

const SETTLED: readonly unknown[] = ["delivered", "skipped"];

/**
 * When every session's retention is over: nothing is left of those whose hooks are settled, but what is TTL's to delete.
 *
 * @param now milliseconds since the epoch
 */
export function checkGone({ table }: Gateway, monitor: InvariantMonitor, now: number): void {
  const kept = new Set<string>();
  for (const { session, status } of monitor.hooks.values()) if (!SETTLED.includes(status)) kept.add(String(session));
  for (const { pk, sk, expiresAt } of table.items()) {
    if (typeof expiresAt === "number" && expiresAt * 1000 < now) continue;
    const [, session] = /SESSION#(.+)$/.exec(`${pk} ${sk}`.replace(/^(SESSION#\S+) .*/, "$1")) ?? [];
    if (session !== undefined && !kept.has(session)) monitor.violate("what is over is deleted", `${pk} ${sk}`);
  }
}

import type { Gateway } from "./Gateway.ts";
import type { Witness } from "./Witness.ts";

const SETTLED: readonly unknown[] = ["delivered", "skipped"];

/** When every session's retention is over: nothing is left of those whose hooks are settled. */
export function checkGone({ table }: Gateway, witness: Witness): void {
  const kept = new Set<string>();
  for (const { session, status } of witness.hooks.values()) if (!SETTLED.includes(status)) kept.add(String(session));
  for (const { pk, sk } of table.items()) {
    const [, session] = /SESSION#(.+)$/.exec(`${pk} ${sk}`.replace(/^(SESSION#\S+) .*/, "$1")) ?? [];
    if (session !== undefined && !kept.has(session)) witness.blame("what is over is deleted", `${pk} ${sk}`);
  }
}

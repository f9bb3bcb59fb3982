import { ModelTable } from "./aws/ModelTable.ts";
import type { Faults } from "./Faults.ts";
import type { Random } from "./Random.ts";
import type { Scenario } from "./Scenario.ts";
import type { Timeline } from "./Timeline.ts";

/** The table, whose index is late, whose reads are old, and whose batches are left undone as the faults want it. */
export function createTable(timeline: Timeline, faults: Faults, random: Random, pageSize: number): ModelTable {
  return new ModelTable(
    {
      indexLag: () =>
        faults.happens("indexLate")
          ? faults.degree("indexLate") * 60_000
          : random.chance(0.5)
            ? 0
            : random.whole(1, 900),
      staleRead: () => faults.happens("staleRead"),
      leavesOut: () => faults.happens("leftOut"),
      pageSize,
    },
    (milliseconds, run) => timeline.after(milliseconds, run),
  );
}

/** Deletes what has expired, as DynamoDB's TTL does. */
export function expireInTime(table: ModelTable, timeline: Timeline, random: Random, ttl: Scenario["ttl"]): void {
  if (ttl === "off") return;
  table.onChange(({ pk, sk, after }) => {
    const expiresAt = after?.expiresAt;
    if (typeof expiresAt !== "number") return;
    // "Within a few days": https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    const late = ttl === "prompt" ? random.whole(0, 20_000) : random.whole(0, 48 * 3_600_000);
    timeline.at(expiresAt * 1000 + late, () => {
      const now = table.peek(pk, sk)?.expiresAt;
      if (typeof now === "number" && now * 1000 <= timeline.now) table.expire(pk, sk);
    });
  });
}

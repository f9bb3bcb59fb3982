import type { Item } from "../../simulation/aws/Item.ts";
import { Gateway } from "../../simulation/Gateway.ts";
import { Timeline } from "../../simulation/Timeline.ts";
import { virtualTimers } from "../../simulation/virtualTimers.ts";

const MINUTE = 60_000;

/** The rows of a session that was sealed by the gateway's own code, to be copied: the session, its turn and its hook. */
export async function sealedSession(start: number): Promise<readonly Item[]> {
  const timeline = new Timeline(start);
  const restore = virtualTimers(timeline);
  try {
    const gateway = new Gateway(
      {
        ...{ seed: "isolation", start, actions: [], outages: [], rates: {}, ttl: "off", skew: 0, without: [] },
        ...{ pageSize: 6_000, chunk: 4_096 },
        variants: [{ providers: ["crm"], sessions: { default: { idle: "5m" } } }],
      },
      timeline,
    );
    const text = "hello, I am Ann and I live in Lisbon";
    const body = JSON.stringify({ conversation: "chat", user: { id: "ann" }, text, sentAt: timeline.now });
    gateway.call(body, "first", () => {});
    await timeline.runUntil(start + 10 * MINUTE);
    const rows = [...gateway.table.items()].filter(({ sk }) => /^(SESSION|TURN|HOOK)#/.test(String(sk)));
    if (rows.length !== 3) throw new Error(`not a session, a turn and a hook: ${rows.length} rows`);
    return rows;
  } finally {
    restore();
  }
}

import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../../../lib/store/dueIndex.ts";
import type { Item } from "../../simulation/aws/Item.ts";
import type { Gateway } from "../../simulation/Gateway.ts";
import type { Timeline } from "../../simulation/Timeline.ts";

/** The one that is copied. */
const FIRST = "chat-000000";

/**
 * Lets one conversation be held, and copies its rows until there are `count`, which fall due evenly between two moments
 * (milliseconds since the epoch).
 */
export async function seed(
  gateway: Gateway,
  timeline: Timeline,
  { count, from, to }: { readonly count: number; readonly from: number; readonly to: number },
): Promise<void> {
  const text = "hello, I am Ann and I live in Lisbon";
  const body = JSON.stringify({ conversation: FIRST, user: { id: "ann" }, text, sentAt: timeline.now });
  gateway.call(body, "first", () => {});
  await timeline.runUntil(timeline.now + 60_000);
  const rows = [...gateway.table.items()];
  const live = rows.find(({ sk }) => sk === "LIVE");
  if (!live || rows.length !== 3) throw new Error(`not a conversation, a session and a turn: ${rows.length} rows`);
  const session = String(live.session);
  for (let index = 0; index < count; index++) {
    // The table's TTL is in seconds, and a session ends by it.
    const due = Math.floor((from + ((to - from) * index) / count) / 1000);
    const number = String(index).padStart(6, "0");
    const name = index === 0 ? session : `${session}-${number}`;
    for (const row of rows) {
      const copy: Item = JSON.parse(JSON.stringify(row).replaceAll(FIRST, `chat-${number}`).replaceAll(session, name));
      const more =
        row === live
          ? { expiresAt: due, lastActivityAt: due * 1000 - 1_800_000 }
          : row.status === "open"
            ? { state: stateKey("DUE", name), at: due * 1000 }
            : {};
      gateway.table.execute(new PutCommand({ TableName: "table", Item: { ...copy, ...more } }));
    }
  }
}

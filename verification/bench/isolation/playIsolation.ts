import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../../../lib/store/dueIndex.ts";
import type { Item } from "../../simulation/aws/Item.ts";
import { Timeline } from "../../simulation/Timeline.ts";
import { virtualTimers } from "../../simulation/virtualTimers.ts";
import type { Design, Outcome } from "./Design.ts";
import { Stage } from "./Stage.ts";
import { sealedSession } from "./sealedSession.ts";

const START = Date.parse("2026-03-02T10:00:00Z");

const MINUTE = 60_000;

const HOUR = 60 * MINUTE;

/** Between two sessions of the quick provider, milliseconds. */
const QUICK_EVERY = 1_000;

/** After the opening: until the calls that were under way have ended. */
const SETTLED = 2;

/** Plays an hour in which one provider hangs, with so many jobs at once; and the hour after its return, if it has a breaker. */
export async function playIsolation(design: Design, jobs: number): Promise<Outcome> {
  const rows = await sealedSession(START - HOUR);
  const timeline = new Timeline(START);
  const restore = virtualTimers(timeline);
  try {
    return await play(design, timeline, rows, jobs);
  } finally {
    restore();
  }
}

async function play(design: Design, timeline: Timeline, rows: readonly Item[], jobs: number): Promise<Outcome> {
  const stage = new Stage(design, timeline);
  const waits: number[] = [];
  const attempts: number[] = [];
  const resumed: number[] = [];
  const failed = new Set<unknown>();
  let openFrom: number | undefined;
  const minute = () => Math.floor((timeline.now - START) / MINUTE);
  stage.table.onChange(({ sk, before, after }) => {
    if (sk === "BREAKER" && after?.status === "open") openFrom ??= minute() + SETTLED;
    if (!sk.startsWith("HOOK#") || !before || !after) return;
    const isDelivered = after.status === "delivered" && before.status !== "delivered";
    if (after.provider === "quick") return void (isDelivered && waits.push(timeline.now - Number(after.createdAt)));
    if (after.attempts !== before.attempts) attempts[minute()] = (attempts[minute()] ?? 0) + 1;
    if (Array.isArray(after.failures) && after.failures.length > 0) failed.add(after.session);
    if (isDelivered && !failed.has(after.session)) resumed.push(timeline.now - START - HOUR);
  });
  const add = (provider: string, number: number) => addHook(stage, timeline, rows, provider, number);
  for (let number = 0; number < jobs; number++) add("dead", number);
  for (let at = 0; at < HOUR; at += QUICK_EVERY) timeline.after(at, () => add("quick", at));
  await timeline.runUntil(START + HOUR);
  const [whole, burnt] = [waits.length, Array.from({ length: 60 }, (_, index) => attempts[index] ?? 0)];
  stage.isDown = false;
  if (design.breaker) await timeline.runUntil(START + 2 * HOUR);
  const inOrder = (values: readonly number[]) => values.toSorted((a, b) => a - b);
  const expected = HOUR / QUICK_EVERY;
  return {
    waits: inOrder(waits),
    attempts: burnt,
    openFrom,
    resumed: inOrder(resumed),
    left: jobs - failed.size - resumed.length,
    wrong:
      waits.length === expected ? [] : [`${waits.length} of ${expected} quick sessions delivered, ${whole} in time`],
  };
}

/** A session has been sealed, and its job for that provider is on the queue. */
function addHook(stage: Stage, { now }: Timeline, rows: readonly Item[], provider: string, number: number): void {
  const hook = rows.find(({ sk }) => String(sk).startsWith("HOOK#"));
  const id = `${provider}${String(number).padStart(9, "0")}`;
  for (const row of rows) {
    const copy: Item = JSON.parse(JSON.stringify(row).replaceAll(String(hook?.session), id));
    const pending = {
      ...{ sk: `HOOK#${provider}`, provider, status: "pending", attempts: 0, failures: [], createdAt: now },
      ...{ nextAttemptAt: now, state: stateKey("DUE", id), at: now + 5 * MINUTE },
    };
    const { receipt: _, deliveredAt: __, lease: ___, ...rest } = copy;
    stage.table.execute(new PutCommand({ TableName: "table", Item: row === hook ? { ...rest, ...pending } : copy }));
  }
  const job = { v: 1, session: id, conversation: hook?.conversation, provider };
  stage.queueOf(provider).send(JSON.stringify(job), provider);
}

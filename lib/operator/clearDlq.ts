import type { Message } from "@aws-sdk/client-sqs";
import { parse } from "../adapter/schema/parse.ts";
import { hookSchema } from "../domain/Hook.ts";
import { type HookJob, hookJobSchema } from "../domain/HookJob.ts";
import { walkQueue } from "../queues/walkQueue.ts";
import type { Queue } from "../services/Services.ts";
import { hookItem } from "../store/keys.ts";
import { type ReadServices, readItems } from "../store/readItems.ts";
import { parseVersioned } from "../store/versions.ts";

/** How long a DLQ message is hidden while it is looked at, seconds; and how many are received at once. */
const WALK = { hidden: 30, walkers: 4 };

/**
 * Takes off the dead-letter queue what reports no present death, so that its depth says what is still dead. Each message
 * is judged by its hook's row, whoever revived the hook and whenever: what an earlier redrive left behind goes, too.
 * Answers how many were taken off.
 */
export async function clearDlq(services: ReadServices, queue: Queue): Promise<number> {
  let cleared = 0;
  await walkQueue(queue, WALK, async (messages, drop) => {
    const dlqMessages = messages.flatMap((message) => {
      const job = jobOf(message);
      return job ? [{ message, job }] : [];
    });
    const keys = new Map(dlqMessages.map(({ job }) => [nameOf(hookItem(job.session, job.provider)), job]));
    const rows = await readItems(
      services,
      [...keys.values()].map(({ session, provider }) => hookItem(session, provider)),
    );
    const byName = new Map(rows.map((row) => [nameOf(row), row]));
    for (const { message, job } of dlqMessages) {
      if (!isOver(job, byName.get(nameOf(hookItem(job.session, job.provider))))) continue;
      drop(message);
      cleared++;
    }
  });
  return cleared;
}

function nameOf({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string {
  return `${pk} ${sk}`;
}

/** What is none of ours, or is of a newer version, is left to whoever wrote it. */
function jobOf({ Body = "" }: Message): HookJob | undefined {
  return unlessUnreadable(() => parse(hookJobSchema, JSON.parse(Body)));
}

/**
 * Whether a DLQ message reports a death that its hook's row does not have (any more). A death is in the row before its
 * message is on the queue, so a row that is read after the message knows the death.
 */
function isOver(job: HookJob, row: unknown): boolean {
  if (row === undefined) return true;
  const hook = unlessUnreadable(() => parseVersioned(hookSchema, row));
  if (!hook) return false;
  // The queue gave up a message without a death, which may be all that there is of the present death.
  return hook.status !== "dead" || (job.deadAt !== undefined && job.deadAt !== hook.deadAt);
}

function unlessUnreadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

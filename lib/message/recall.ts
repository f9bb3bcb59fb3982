import * as v from "valibot";
import type { Memory, RecallQuery } from "../adapter/MemoryProvider.ts";
import { parse } from "../adapter/schema/parse.ts";
import { cleanText } from "../adapter/text/truncate.ts";
import { withTimeout } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";

/** The most characters of all memories that are put before an agent. */
const MAX_CHARS = 2_000;

/**
 * Asks every provider that recalls, at once and for a bounded time. Whoever is late or fails is left out, and logged: a
 * reply never waits for memory.
 */
export async function recall(
  services: Services,
  query: Omit<RecallQuery, "limit" | "timeout">,
): Promise<readonly Memory[]> {
  const { limit, timeout } = services.config.recall;
  const names = Object.entries(services.config.memory).flatMap(([name, { recalls }]) =>
    recalls === false ? [] : name,
  );
  const found = await Promise.all(names.map((name) => recallFrom(services, name, { ...query, limit, timeout })));
  let left = MAX_CHARS;
  return found
    .flat()
    .slice(0, limit)
    .filter(({ text }) => {
      // One that does not fit takes nothing from the others.
      if (text.length > left) return false;
      left -= text.length;
      return true;
    });
}

async function recallFrom(services: Services, name: string, query: RecallQuery): Promise<readonly Memory[]> {
  const provider = services.provider(name);
  if (!provider?.recall) return [];
  const { timeout } = query;
  const late = new Error(`${name} did not recall within ${timeout} ms; the reply goes out without it`);
  try {
    const memories = await withTimeout(timeout, late, async (signal) => provider.recall?.(query, signal));
    return parse(memoriesSchema, memories ?? []).flatMap(toData);
  } catch (error) {
    services.log.error("recall.failed", error, { provider: name });
    return [];
  }
}

/** The last moment that a `Date` can show: https://tc39.es/ecma262/#sec-time-values-and-time-range. Milliseconds. */
const LAST_TIME = 8.64e15;

/** What comes from outside, by way of an adapter that may have passed it on unread. A memory without its time is one still. */
const memoriesSchema = v.array(v.object({ text: v.string(), at: v.optional(v.unknown()) }));

/**
 * Controls and whatever else has no shape of its own: no person can read it in a memory, but a model may obey it. What
 * gives an emoji its colours or joins two of them stays, one for each that is seen. `\p{RGI_Emoji}` would know them all,
 * but takes 30 ms to compile, at each cold start.
 */
const HIDDEN =
  /(?![\n\t])(?!(?<=\p{Extended_Pictographic})\uFE0F)(?!(?<=\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?)\u200D\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/** A memory as plain words; none when nothing is left of it. */
function toData({ text, at }: v.InferOutput<typeof memoriesSchema>[number]): readonly Memory[] {
  const words = cleanText(text).replace(HIDDEN, "").trim();
  return words === "" ? [] : [{ text: words, ...(isTime(at) ? { at } : {}) }];
}

/** Other numbers are no time, and some, such as nanoseconds, can't be stored with the turn. */
function isTime(at: unknown): at is number {
  return typeof at === "number" && Number.isSafeInteger(at) && at >= 0 && at <= LAST_TIME;
}

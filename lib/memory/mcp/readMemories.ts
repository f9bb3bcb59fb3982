import * as v from "valibot";
import type { Memory } from "../../adapter/MemoryProvider.ts";
import { isObject } from "../../domain/json.ts";
import type { Tools } from "./optionsSchema.ts";

const answerSchema = v.object({
  content: v.fallback(v.array(v.object({ type: v.string(), text: v.fallback(v.optional(v.string()), undefined) })), []),
  structuredContent: v.optional(v.unknown()),
});

/**
 * The memories of a tool's answer: the texts at the path of `items` in the JSON of its first text, or in its structured
 * content; without such a path each of its texts.
 */
export function readMemories(
  answer: unknown,
  { items, take }: Pick<NonNullable<Tools["recall"]>, "items" | "take">,
  limit: number,
): readonly Memory[] {
  const { texts, value } = readAnswer(answer);
  const found = items === undefined ? texts : textsAt(value, items.split("."));
  const taken = take === "last" ? found.toReversed() : found;
  return taken.slice(0, limit).map((text) => ({ text }));
}

/** Whether an answer that is no failure by its own word tells of one: `{ "error": "…" }`, as some servers do. */
export function tellsOfError(answer: unknown): boolean {
  return v.is(v.object({ error: v.pipe(v.string(), v.minLength(1)) }), readAnswer(answer).value);
}

/** The texts of an answer, and what it holds. Some libraries put a frame around what is structured, and none around a text. */
function readAnswer(answer: unknown) {
  const { content, structuredContent } = v.parse(answerSchema, answer);
  const texts = content.flatMap(({ type, text }) => (type === "text" && text !== undefined ? text : []));
  return { texts, value: jsonOf(texts[0]) ?? structuredContent };
}

function textsAt(value: unknown, path: readonly string[]): readonly string[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === "string" ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value).flatMap((one) => textsAt(one, rest));
  return isObject(value) && Object.hasOwn(value, step) ? textsAt(Reflect.get(value, step), rest) : [];
}

function jsonOf(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A tool that has found nothing may say so in words: there is no text at any path.
    return undefined;
  }
}

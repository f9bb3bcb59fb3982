import { isObject } from "../../domain/json.ts";

/** Deeper than Telegram nests blocks, so that no body overflows the stack. */
const DEEPEST = 32;

/** Where a block holds text, in reading order. https://core.telegram.org/bots/api#richblock */
const INLINE = ["text", "summary", "expression", "caption", "credit"];

/** Where it holds further blocks, each on a line of its own. */
const NESTED = ["blocks", "items", "cells", "rows"];

/** The words of a RichMessage, a line a block; what has none is left out. Pure. */
export function richText(message: unknown): string {
  return isObject(message) && "blocks" in message ? lines(message.blocks, 0).join("\n") : "";
}

function lines(value: unknown, depth: number): readonly string[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((one) => lines(one, depth + 1));
  if (!isObject(value)) return [];
  const own = INLINE.map((name) => inline(Reflect.get(value, name), depth + 1)).join("");
  const inner = NESTED.flatMap((name) => lines(Reflect.get(value, name), depth + 1));
  return [...(own.trim() === "" ? [] : [own]), ...inner];
}

/** A RichText: a text, a list of them, or one that is marked. */
function inline(value: unknown, depth: number): string {
  if (typeof value === "string") return value;
  if (depth > DEEPEST) return "";
  if (Array.isArray(value)) return value.map((one) => inline(one, depth + 1)).join("");
  if (!isObject(value)) return "";
  const words = inline(Reflect.get(value, "text"), depth + 1);
  const url: unknown = Reflect.get(value, "url");
  return typeof url === "string" && words !== url ? `${words} (${url})` : words;
}

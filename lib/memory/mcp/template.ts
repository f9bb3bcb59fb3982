import { isObject, type Json } from "../../domain/json.ts";

/** The values that placeholders stand for, by their names. */
export type Values = Readonly<Record<string, string | number | readonly string[]>>;

const PLACEHOLDER = /\{(\w+)\}/g;

/** The names of the placeholders in a template, each once. */
export function placeholdersIn(template: Json): readonly string[] {
  return [...new Set([...JSON.stringify(template).matchAll(PLACEHOLDER)].map(([, name = ""]) => name))];
}

/**
 * A template with its placeholders filled in. A text that is one placeholder and nothing else becomes its value, whatever
 * that is; in a list one that stands for several values becomes them all. What values hold is never read as a template.
 */
export function fillIn(template: Json, values: Values): Json {
  if (typeof template === "string") return fillText(template, values);
  if (Array.isArray(template)) {
    return template.flatMap((item: Json): Json | Json[] => {
      const filled = fillIn(item, values);
      return typeof item === "string" && isMany(filled) ? [...filled] : [filled];
    });
  }
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillIn(value, values)]));
}

function fillText(text: string, values: Values): Json {
  const [, only] = /^\{(\w+)\}$/.exec(text) ?? [];
  if (only !== undefined && Object.hasOwn(values, only)) return values[only] ?? null;
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : whole;
    return typeof value === "object" ? value.join("\n") : String(value);
  });
}

function isMany(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

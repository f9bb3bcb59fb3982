import * as v from "valibot";

/** Whether a value is an object with fields: no list and no null. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What was parsed as JSON or stands in the table, where nothing else can. */
export const jsonSchema = v.custom<Json>(isJson);

function isJson(value: unknown): value is Json {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
  return typeof value === "object" && Object.values(value).every(isJson);
}

/** A value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

import * as v from "valibot";
import type { Json } from "./Platform.ts";

/** What was parsed as JSON or stands in the table, where nothing else can. */
export const jsonSchema = v.custom<Json>(isJson);

function isJson(value: unknown): value is Json {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
  return typeof value === "object" && Object.values(value).every(isJson);
}

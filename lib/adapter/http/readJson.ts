import * as v from "valibot";
import { DeliveryError } from "../errors.ts";
import type { HttpResponse } from "./HttpClient.ts";

/**
 * What a 2xx answer holds. One that is no JSON, or not of the form, says nothing of whether the other side has acted: some
 * program between us and it may have answered. It is a `DeliveryError` (transient) that repeats none of it.
 */
export function readJson<Schema extends v.GenericSchema>(
  schema: Schema,
  url: string,
  { status, text }: HttpResponse,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, jsonOf(text));
  if (parsed.success) return parsed.output;
  const where = parsed.issues[0] && v.getDotPath(parsed.issues[0]);
  const what = where ? `without what should stand at ${where}` : "with something else than was expected";
  throw new DeliveryError("transient", `${new URL(url).host} answered ${status} ${what}`, {
    status,
    outcome: "unknown",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema, which takes no undefined.
    return undefined;
  }
}

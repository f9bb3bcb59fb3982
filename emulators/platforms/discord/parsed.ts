import * as v from "valibot";
import { type ApiAnswer, formError, json } from "./errors.ts";

/** What `then` answers to a body of the contract; else why the body is refused, in Discord's words. */
export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  body: string,
  then: (value: v.InferOutput<Schema>) => ApiAnswer,
): ApiAnswer {
  const value = jsonOf(body);
  if (value === undefined) return json(400, { message: "The request body contains invalid JSON.", code: 50109 });
  const result = v.safeParse(schema, value);
  return result.success ? then(result.output) : formError(result.issues);
}

/** Undefined for what is no JSON. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

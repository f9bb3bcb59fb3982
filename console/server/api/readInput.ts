import * as v from "valibot";
import { ConsoleError } from "../ConsoleError.ts";
import type { ApiRequest } from "../startConsole.ts";

/** The most rows of a page of a list. */
const MOST_ROWS = 200;

/** A call's body, checked. @throws ConsoleError 400 */
export function readBody<Schema extends v.GenericSchema>(schema: Schema, { body }: ApiRequest): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, body ?? {});
  if (success) return output;
  const [issue] = issues;
  throw new ConsoleError(400, `the page sent ${v.getDotPath(issue) ?? "a body"} that is not allowed: ${issue.message}`);
}

/** Which part of a list is asked for. @throws ConsoleError 400 */
export function readPaging({ query }: ApiRequest, usual = 50): { readonly limit: number; readonly cursor?: string } {
  const limit = Number(query.get("limit") ?? usual);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    throw new ConsoleError(400, `limit must be a whole number from 1 to ${MOST_ROWS}`);
  }
  const cursor = query.get("cursor");
  return { limit, ...(cursor ? { cursor } : {}) };
}

/** A value of the query that must be there. @throws ConsoleError 400 */
export function readName({ query }: ApiRequest, name: string): string {
  const value = query.get(name);
  if (!value) throw new ConsoleError(400, `${name} is missing`);
  return value;
}

/** A reason for the audit log. */
export const whySchema = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(500)));

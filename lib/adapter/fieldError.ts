import type * as v from "valibot";
import { WebhookError } from "./errors.ts";
import { isUnknownField, pathOf } from "./schema/parse.ts";
import { truncate } from "./text/truncate.ts";

/**
 * A `WebhookError` 400 of a body's first problem: the field, what was given and what is allowed, which is the
 * issue's message. Repeats no user's text.
 */
export function fieldError(issues: readonly v.BaseIssue<unknown>[], body: unknown): WebhookError {
  const issue = issues[0];
  if (!issue) return new WebhookError(400, "the body is not what the contract says");
  const path = pathOf(issue);
  if (isUnknownField(issue)) {
    const field = dotted([...path.slice(0, -1), truncate(String(path.at(-1)), 40)]);
    return new WebhookError(400, `${field} is not a known field: leave it out or correct its name`, { field });
  }
  const field = dotted(path);
  const given = describe(path.reduce(step, body));
  const problem = `${field || "the body"} is ${given}; it must be ${issue.message}`;
  return new WebhookError(400, problem, field ? { field } : {});
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

function step(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? Object.getOwnPropertyDescriptor(value, key)?.value
    : undefined;
}

/** A value in words; of a text only its length, as it may be a user's. */
function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `${value}`;
}

/** The JSON of a verified call's body. Throws `WebhookError` 400 when it is not JSON in UTF-8. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new WebhookError(400, `the body is ${body.length} bytes that are not JSON in UTF-8; send a JSON object`, {
      cause,
    });
  }
}

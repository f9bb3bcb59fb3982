import * as v from "valibot";
import { DeliveryError, type FailureKind } from "../errors.ts";
import type { HttpResponse } from "./HttpClient.ts";
import { classifyStatus, responseError } from "./responseError.ts";

/**
 * What a code says more exactly than its status: https://platform.openai.com/docs/guides/error-codes. An account without
 * money answers 429 as one that is too fast does.
 */
const BY_CODE: Readonly<Record<string, FailureKind>> = {
  insufficient_quota: "quota",
  billing_hard_limit_reached: "quota",
  billing_not_active: "quota",
  rate_limit_exceeded: "throttled",
  context_length_exceeded: "invalid",
  content_filter: "invalid",
  content_policy_violation: "invalid",
  model_not_found: "gone",
};

/** What may stand in a log: never a sentence, which may repeat the prompt. */
const CODE = /^[a-z0-9_.-]{1,60}$/i;

const name = v.fallback(v.nullish(v.union([v.string(), v.number()])), null);

const errorSchema = v.object({ error: v.object({ code: name, type: name }) });

/** The classified error of an answer of OpenAI's API or one like it; undefined where there is none. A few servers put errors into a 200. */
export function openaiError(url: string, response: HttpResponse, now: number): DeliveryError | undefined {
  const { status, headers } = response;
  const isOk = status >= 200 && status <= 299;
  const told = codeOf(response.text);
  if (isOk && !told) return undefined;
  const error = responseError(url, response, now);
  const code = told?.find((one) => Object.hasOwn(BY_CODE, one)) ?? told?.[0];
  const milliseconds = Number(headers["retry-after-ms"] || Number.NaN);
  const retryAfter = milliseconds >= 0 ? Math.ceil(milliseconds) : error.retryAfter;
  return new DeliveryError(kindOf(code, status, error.kind), `${error.message}${code ? ` (${code})` : ""}`, {
    status,
    // A status tells that nothing was done but words.
    outcome: "rejected",
    ...(error.body === undefined ? {} : { body: error.body }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function kindOf(code: string | undefined, status: number, byStatus: FailureKind): FailureKind {
  if (code !== undefined && Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? byStatus;
  // In a 200 the code is what the status would have been.
  if (status <= 299) return classifyStatus(/^[345]\d\d$/.test(code ?? "") ? Number(code) : 500);
  return byStatus;
}

/** The code and the type of the error in a body; undefined when there is none. */
function codeOf(text: string): readonly string[] | undefined {
  const parsed = v.safeParse(errorSchema, parseLeniently(text));
  if (!parsed.success) return undefined;
  const { code, type } = parsed.output.error;
  return [code, type].map((one) => String(one ?? "")).filter((one) => CODE.test(one));
}

/** What a gateway before the server answers is no JSON; its status says all. */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import * as v from "valibot";

/** What goes back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const structured = v.object({
  statusCode: v.number(),
  headers: v.nullish(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
  cookies: v.nullish(v.array(v.string())),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
});

/**
 * A function's result as an HTTP API answers with it, payload format 2.0: with a `statusCode` it is the response,
 * without one it is the body of a 200.
 */
export function toHttpResponse(result: unknown): HttpResponse {
  const parsed = v.safeParse(structured, result);
  if (!parsed.success) {
    // A response that is none: API Gateway answers so when it can't read the result.
    if (typeof result === "object" && result !== null && "statusCode" in result) return jsonResponse(500, INTERNAL);
    return jsonResponse(200, result);
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.output;
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...Object.fromEntries(named),
      ...(cookies ? { "set-cookie": cookies } : {}),
    },
    body: Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"),
  };
}

/** What API Gateway says of a function that failed. */
export const INTERNAL = { message: "Internal Server Error" };

/** A response of API Gateway's own. */
export function jsonResponse(status: number, value: unknown): HttpResponse {
  const body = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}

import * as z from "zod/mini";

/** What goes back to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const structured = z.object({
  statusCode: z.number(),
  headers: z.nullish(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
  cookies: z.nullish(z.array(z.string())),
  body: z.nullish(z.string()),
  isBase64Encoded: z.nullish(z.boolean()),
});

/**
 * A function's result as an HTTP API answers with it, payload format 2.0: with a `statusCode` it is the response,
 * without one it is the body of a 200.
 */
export function toHttpResponse(result: unknown): HttpResponse {
  const parsed = structured.safeParse(result);
  if (!parsed.success) {
    // A response that is none: API Gateway answers so when it can't read the result.
    if (typeof result === "object" && result !== null && "statusCode" in result) return jsonResponse(500, INTERNAL);
    return jsonResponse(200, result);
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
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

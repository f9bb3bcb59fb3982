import type { HttpClient, HttpRequest, HttpResponse } from "./HttpClient.ts";
import { HttpError } from "./HttpError.ts";
import { VesperError } from "./VesperError.ts";

/** More than any documented response of a platform or provider; a hostile one can't fill the memory. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Failures before a connection stood, so the request certainly did not go out. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A header's value as HTTP allows it. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The HTTP client of the functions, on the runtime's own `fetch`. */
export const fetchHttpClient: HttpClient = {
  async send(request) {
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      if (!SENDABLE.test(value.trim())) throw new UnsendableHeader(name);
    }
    const timeout = AbortSignal.timeout(request.timeout);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    try {
      const response = await fetch(request.url, {
        method: request.method,
        ...(request.headers ? { headers: request.headers } : {}),
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: "manual",
        signal,
      });
      return await read(response);
    } catch (error) {
      throw failure(request, error);
    }
  },
};

async function read(response: Response): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8"),
  };
}

function failure(request: HttpRequest, error: unknown): HttpError {
  const { host } = new URL(request.url);
  if (error instanceof Error && error.name === "TimeoutError") {
    return new HttpError(`no answer from ${host} within ${request.timeout} ms`, "unknown", { cause: error });
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return new HttpError(
    `no answer from ${host}${code ? `: ${code}` : ""}`,
    code !== undefined && NOT_SENT.has(code) ? "not-sent" : "unknown",
    { cause: error },
  );
}

/** `fetch` itself would repeat the value in its error, and so a secret in the log. */
class UnsendableHeader extends VesperError {
  override readonly name = "UnsendableHeader";
  readonly retry = false;
  constructor(name: string) {
    super(
      `the header ${name} has a line break or a character beyond Latin-1 in it; set the secret it is made of again`,
    );
  }
}

import dns from "node:dns";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { ForbiddenAddress, HttpError } from "../adapter/errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../adapter/http/HttpClient.ts";
import { type AddressOrigin, isForbiddenAddress } from "../adapter/http/isForbiddenAddress.ts";
import { VesperError } from "../domain/VesperError.ts";
import { readBody, readLines } from "./readBody.ts";

/** A connection that is not used this long is closed, milliseconds: before most servers close it under a request. */
const KEPT_OPEN = 4_000;

/** A header's value as HTTP allows it. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Apart by origin, so that what was received never travels on a connection that the config alone may open. */
const AGENTS = { configured: agents("configured"), received: agents("received") };

/** How far an exchange has come. */
interface Progress {
  /** The other side may have heard of it. */
  sent: boolean;
  /** It went out on a kept connection. */
  reused: boolean;
  answered: boolean;
}

/** The connections of one origin. */
interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** When a request last went out, milliseconds since the epoch. */
  usedAt: number;
}

/**
 * The HTTP client of the functions, on the runtime's own `http` and not its `fetch`, which can't be told where not to
 * connect to. Throws `ForbiddenAddress` for an address that is not for us.
 */
export const nodeHttpClient: HttpClient = {
  async send(request) {
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      if (!SENDABLE.test(value)) throw new UnsendableHeader(name);
    }
    const url = new URL(request.url);
    checkUrl(url, request.origin ?? "configured");
    // A timer takes whole milliseconds only.
    const timeout = AbortSignal.timeout(Math.ceil(request.timeout));
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    dropIdle(AGENTS[request.origin ?? "configured"]);
    const progress = { sent: false, reused: false, answered: false };
    const send = () => exchange(request, url, signal, progress);
    try {
      return await send().catch((error: unknown) => {
        if (!isStale(request, progress, signal, error)) throw error;
        dropIdle(AGENTS[request.origin ?? "configured"], Number.NEGATIVE_INFINITY);
        return send();
      });
    } catch (error) {
      if (error instanceof ForbiddenAddress) throw error;
      throw failure(request, url.host, timeout.aborted ? timeout.reason : error, progress.sent);
    }
  },
};

/**
 * Whether the other side had closed the kept connection that a request went out on, as it does while a function is frozen:
 * there was no byte of an answer. It may have begun to work all the same, so only what may be made twice is made again.
 */
function isStale(
  { method, idempotent = ["GET", "PUT", "DELETE"].includes(method) }: HttpRequest,
  { reused, answered }: Progress,
  { aborted }: AbortSignal,
  error: unknown,
): boolean {
  if (!idempotent || !reused || answered || aborted) return false;
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}

/**
 * Closes the kept connections that are not in use, if none has been begun to use for so long. Their own timers do it, but
 * stand still with a frozen function, which would then use what the other side has closed meanwhile.
 */
function dropIdle(kept: Agents, after = KEPT_OPEN): void {
  const now = Date.now();
  if (now - kept.usedAt > after) {
    for (const { freeSockets } of [kept.http, kept.https]) {
      for (const sockets of Object.values(freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
  }
  kept.usedAt = now;
}

function checkUrl({ protocol, hostname, host }: URL, origin: AddressOrigin): void {
  if (protocol !== "http:" && protocol !== "https:") throw new ForbiddenAddress(host, `${protocol} is not HTTP`);
  // The URL parser has made a plain address of every other spelling: decimal, octal, hexadecimal, full-width digits.
  if (isForbiddenAddress(hostname, origin)) {
    throw new ForbiddenAddress(host, "it is an address that is not for us");
  }
}

async function exchange(
  request: HttpRequest,
  url: URL,
  signal: AbortSignal,
  progress: Progress,
): Promise<HttpResponse> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, body, headers, origin = "configured" } = request;
  const secure = url.protocol === "https:";
  const outgoing = (secure ? requestHttps : requestHttp)(url, {
    method,
    // Credentials in an address are never used: the config refuses them, and what was received has none of ours.
    auth: null,
    agent: secure ? AGENTS[origin].https : AGENTS[origin].http,
    headers: {
      ...{ accept: "*/*", "accept-encoding": "gzip", "user-agent": "vesper" },
      ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
      ...headers,
    },
    signal,
  });
  outgoing.once("response", (response) => {
    progress.answered = true;
    resolve(response);
  });
  outgoing.on("error", reject);
  // Without a listener the request is just closed, and nobody would hear of it.
  outgoing.once("close", () => reject(Object.assign(new Error("closed without an answer"), { code: "ECONNRESET" })));
  outgoing.once("socket", (socket) => {
    progress.reused = outgoing.reusedSocket;
    if (outgoing.reusedSocket) progress.sent = true;
    else {
      socket.once(secure ? "secureConnect" : "connect", () => {
        progress.sent = true;
      });
    }
  });
  outgoing.end(body);
  let response: IncomingMessage | undefined;
  try {
    response = await promise;
    const { statusCode: status = 0, headersDistinct } = response;
    const lines = isStream(request, status, response.headers["content-type"]) ? request.stream : undefined;
    const text = lines ? "" : await readBody(response);
    if (lines) await readLines(response, lines);
    return { status, headers: joined(headersDistinct), text };
  } finally {
    // What is left of a body that was cut is not waited for.
    if (!response?.complete) outgoing.destroy();
  }
}

function isStream({ stream }: HttpRequest, status: number, contentType = ""): boolean {
  const isOk = status >= 200 && status <= 299;
  return isOk && contentType.split(";", 1)[0]?.trim().toLowerCase() === stream?.contentType;
}

function joined(headers: NodeJS.Dict<string[]>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values?.join(", ") ?? ""]));
}

function failure({ timeout }: HttpRequest, host: string, error: unknown, sent: boolean): HttpError {
  const outcome = sent ? "unknown" : "not-sent";
  if (error instanceof Error && error.name === "TimeoutError") {
    return new HttpError(`no answer from ${host} within ${timeout} ms`, outcome, { cause: error });
  }
  const code = error instanceof Error && "code" in error ? `: ${error.code}` : "";
  return new HttpError(`no answer from ${host}${code}`, outcome, { cause: error });
}

function agents(origin: AddressOrigin): Agents {
  const options = { keepAlive: true, timeout: KEPT_OPEN, lookup: guardedLookup(origin) };
  return { http: new HttpAgent(options), https: new HttpsAgent(options), usedAt: 0 };
}

/** Node itself would repeat the value in some errors, and so a secret in the log. */
class UnsendableHeader extends VesperError {
  override readonly name = "UnsendableHeader";
  readonly retry = false;
  constructor(name: string) {
    super(
      `the header ${name} has a line break or a character beyond Latin-1 in it; set the secret it is made of again`,
    );
  }
}

/**
 * Looks names up for a connection that is about to be made, and fails with `ForbiddenAddress` when one of a name's
 * addresses is forbidden. The addresses that were checked are those that are connected to, so that a name which answers
 * differently the next time gains nothing.
 */
function guardedLookup(origin: AddressOrigin): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.some(({ address }) => isForbiddenAddress(address, origin))) {
        return callback(new ForbiddenAddress(hostname, "its name leads to an address that is not for us"), []);
      }
      const [first] = addresses;
      if (options.all || !first) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

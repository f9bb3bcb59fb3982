import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { VesperError } from "../../lib/domain/VesperError.ts";
import { type ConsoleAccess, createAccess } from "./access.ts";
import { ConsoleError } from "./ConsoleError.ts";
import { readJson } from "./readJson.ts";
import { type PageFiles, readPage } from "./readPage.ts";
import { SECURITY_HEADERS } from "./securityHeaders.ts";

/** What the page asks for. Answers JSON, or a stream of events. Throws `ConsoleError` for what a person can mend. */
export type ApiCall = (request: ApiRequest) => Promise<unknown>;

export interface ApiRequest {
  readonly query: URLSearchParams;
  /** The body's JSON, not looked into; undefined when there is none. */
  readonly body: unknown;
  /** Aborts when the page no longer listens. */
  readonly signal: AbortSignal;
}

/** Calls by "METHOD /path", such as `GET /api/sessions`. */
export type Api = Readonly<Record<string, ApiCall>>;

export interface ConsoleOptions {
  /** 0: any free one. */
  readonly port: number;
  /** The folder of the built page. */
  readonly pagePath: string;
  readonly api: Api;
  readonly onError: (error: unknown) => void;
}

/** A console that is being served. */
export interface RunningConsole {
  readonly port: number;
  /** An address with a fresh one-time token in it, to open in a browser. */
  link(): string;
  close(): Promise<void>;
}

/**
 * Serves the page and what it asks for, on loopback only.
 *
 * @throws ConsolePortError when the port can't be had
 */
export async function startConsole({ port, pagePath, api, onError }: ConsoleOptions): Promise<RunningConsole> {
  const page = readPage(pagePath);
  let actual = port;
  const access = createAccess(() => actual);
  const server = createServer((request, response) => {
    answer({ page, api, access }, request, response).catch((error) => {
      onError(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { message: "something went wrong in the console; its terminal says what" });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(new ConsolePortError(port, cause)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  actual = typeof address === "object" && address ? address.port : port;
  return {
    port: actual,
    // Behind the "#", so that no log and no referrer ever has it.
    link: () => `http://127.0.0.1:${actual}/#token=${access.issueToken()}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Parts {
  readonly page: PageFiles;
  readonly api: Api;
  readonly access: ConsoleAccess;
}

async function answer({ page, api, access }: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://console");
  const foreign = access.refuseOrigin(request.headers);
  if (foreign) return sendJson(response, foreign.status, { message: foreign.message });
  if (!url.pathname.startsWith("/api/")) return page.send(url.pathname, request, response);

  if (request.method === "POST" && url.pathname === "/api/enter") {
    const body = await readJson(request);
    const token = typeof body === "object" && body !== null && "token" in body ? String(body.token) : "";
    const key = access.redeem(token);
    if (key === undefined) return sendJson(response, 401, { message: "this link was used before: open a fresh one" });
    return sendJson(response, 200, { key });
  }
  const stranger = access.refuseKey(request.headers);
  if (stranger) return sendJson(response, stranger.status, { message: stranger.message });
  const name = `${request.method} ${url.pathname}`;
  const call = Object.hasOwn(api, name) ? api[name] : undefined;
  if (!call) return sendJson(response, 404, { message: `the console has no ${name}` });
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const body = request.method === "GET" ? undefined : await readJson(request);
    const result = await call({ query: url.searchParams, body, signal: gone.signal });
    if (isStream(result)) return await sendEvents(response, result);
    sendJson(response, 200, result);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof VesperError)) throw error;
    sendJson(response, error instanceof ConsoleError ? error.status : 422, { message: error.message });
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** One JSON value a line, as they come: the page reads the body as it grows. */
async function sendEvents(response: ServerResponse, events: AsyncIterable<unknown>): Promise<void> {
  response.writeHead(200, { ...SECURITY_HEADERS, "content-type": "application/x-ndjson", "cache-control": "no-store" });
  response.flushHeaders();
  for await (const event of events) response.write(`${JSON.stringify(event)}\n`);
  response.end();
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value ?? null));
  response
    .writeHead(status, {
      ...SECURITY_HEADERS,
      "content-type": "application/json",
      "cache-control": "no-store",
      "content-length": body.length,
    })
    .end(body);
}

/** The console's port is taken or not allowed. */
class ConsolePortError extends VesperError {
  override readonly name = "ConsolePortError";
  readonly retry = false;
  constructor(port: number, cause: NodeJS.ErrnoException) {
    const why = cause.code === "EADDRINUSE" ? "is in use" : `can't be opened (${cause.code ?? cause.message})`;
    super(`the console's port ${port} ${why}: stop what uses it, or give another with VESPER_CONSOLE_PORT`, { cause });
  }
}

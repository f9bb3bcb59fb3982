import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { LocalError } from "../LocalError.ts";
import { matchRoute, type Route } from "./matchRoute.ts";
import { toHttpEvent } from "./toHttpEvent.ts";
import { type HttpResponse, INTERNAL, jsonResponse, toHttpResponse } from "./toHttpResponse.ts";

/** API Gateway's limit of a request body, bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Runs a route's function on an event. */
export type Invoke = (event: unknown) => Promise<unknown>;

export interface HttpServer {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /** From now on requests are answered; before, everything is 503. */
  serve(routes: readonly Route<Invoke>[]): void;
  /** Lets what is being answered finish for at most `grace` milliseconds. */
  close(grace: number): Promise<void>;
}

/**
 * The HTTP API on this machine, on loopback only. `GET /healthz` is its own: 200 once everything runs.
 *
 * @param port 0: any free one
 * @throws LocalError when the port is taken or not allowed
 */
export async function startHttp(port: number, onError: (error: unknown) => void): Promise<HttpServer> {
  let routes: readonly Route<Invoke>[] | undefined;
  const server = createServer(async (request, response) => {
    try {
      send(response, await answer(request, routes, onError));
    } catch (error) {
      onError(error);
      if (!response.headersSent) send(response, jsonResponse(500, INTERNAL));
      else response.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(port, error)));
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const actual = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    serve(given) {
      routes = given;
    },
    async close(grace) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), grace);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function answer(
  request: IncomingMessage,
  routes: readonly Route<Invoke>[] | undefined,
  onError: (error: unknown) => void,
): Promise<HttpResponse> {
  const [path = "/"] = (request.url ?? "/").split("?");
  const method = request.method ?? "GET";
  if (!routes) return jsonResponse(503, { message: "Starting" });
  if (method === "GET" && path === "/healthz") return jsonResponse(200, { status: "ok" });
  const match = matchRoute(routes, method, path);
  if (!match) return jsonResponse(404, { message: "Not Found" });
  const body = await readBody(request);
  if (!body) return jsonResponse(413, { message: "Request Entity Too Large" });
  const { key: routeKey, target: invoke } = match.route;
  const event = toHttpEvent(request, body, {
    routeKey,
    pathParameters: match.parameters,
    requestId: randomUUID(),
    now: Date.now(),
  });
  try {
    return toHttpResponse(await invoke(event));
  } catch (error) {
    onError(error);
    return jsonResponse(500, INTERNAL);
  }
}

/** The whole body; undefined when it is larger than API Gateway takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on, so that the client gets to read the answer, but keep nothing.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
}

function portError(port: number, error: NodeJS.ErrnoException): LocalError {
  const why = error.code === "EADDRINUSE" ? "is in use" : `can't be opened (${error.code ?? error.message})`;
  return new LocalError(`port ${port} ${why}: stop what uses it, or give another with VESPER_PORT`, { cause: error });
}

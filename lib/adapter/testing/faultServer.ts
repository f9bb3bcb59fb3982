import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body piece by piece, in place of `body`: a number is a wait in milliseconds, `reset` breaks the connection. */
  readonly pieces?: readonly (string | Uint8Array | number | "reset")[];
}

/**
 * What goes wrong with a request. A number is a status to answer, an `Answer` one as it stands. `hang`: no answer, nothing done. `reset`: the
 * connection breaks, nothing done. `lost-ack`: the work is done, then the connection breaks. `slow-ack`: the work is
 * done, and no answer comes.
 */
export type Fault = number | Answer | "hang" | "reset" | "lost-ack" | "slow-ack";

/** An HTTP server on loopback whose failures are scripted. */
export interface FaultServer {
  readonly url: string;
  /** Every request, in order, the failed ones included. */
  readonly requests: readonly SeenRequest[];
  /** The next `times` requests fail so; headers go along with a status. Adds to what is scripted already. */
  failNext(times: number, fault: Fault, headers?: Readonly<Record<string, string>>): void;
  /** The next `times` requests succeed, before what is scripted after it. */
  passNext(times: number): void;
  /** From now on every request that no `failNext` takes fails so; `ok` ends it. */
  setMode(mode: Fault | "ok", headers?: Readonly<Record<string, string>>): void;
  /** Breaks every open connection, and frees the port. */
  close(): Promise<void>;
}

interface Scripted {
  readonly fault: Fault | "ok";
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Starts a server on 127.0.0.1.
 *
 * @param accept does the work of a request and answers it
 * @param refuse the answer of a scripted status, in the service's own shape
 */
export async function startFaultServer(
  accept: (request: SeenRequest) => Answer | Promise<Answer>,
  refuse: (status: number, headers: Readonly<Record<string, string>>) => Answer = (status, headers) => ({
    status,
    headers,
    body: `scripted ${status}`,
  }),
): Promise<FaultServer> {
  const requests: SeenRequest[] = [];
  const script: Scripted[] = [];
  let mode: Scripted | undefined;

  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming);
    requests.push(request);
    const scripted = script.shift() ?? mode;
    if (scripted === undefined || scripted.fault === "ok") return respond(outgoing, await accept(request));
    const { fault, headers } = scripted;
    if (typeof fault === "number") return respond(outgoing, refuse(fault, headers));
    if (typeof fault === "object") return respond(outgoing, fault);
    if (fault === "lost-ack" || fault === "slow-ack") await accept(request);
    if (fault === "lost-ack" || fault === "reset") outgoing.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a server on loopback has no port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    failNext: (times, fault, headers = {}) => {
      script.push(...Array.from({ length: times }, () => ({ fault, headers })));
    },
    passNext: (times) => {
      script.push(...Array.from({ length: times }, () => ({ fault: "ok" as const, headers: {} })));
    },
    setMode: (next, headers = {}) => {
      mode = next === "ok" ? undefined : { fault: next, headers };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

async function respond(outgoing: ServerResponse, { status, headers = {}, body = "", pieces }: Answer): Promise<void> {
  outgoing.writeHead(status, headers);
  for (const piece of pieces ?? []) {
    if (piece === "reset") return void outgoing.destroy();
    if (typeof piece === "number") await sleep(piece);
    else await new Promise<void>((resolve) => outgoing.write(piece, () => resolve()));
  }
  outgoing.end(body);
}

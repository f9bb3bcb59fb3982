import assert from "node:assert/strict";
import type { DeliveryError } from "../errors.ts";
import { assertFields, assertNotIn, failureOf } from "./failureOf.ts";
import type { FaultServer } from "./faultServer.ts";

/** How a server fails one request, and what an adapter must make of it. */
export interface ServerFailure {
  readonly script: (server: FaultServer) => void;
  readonly fields: Partial<DeliveryError>;
}

/** What every adapter must make of a server's failures, whatever its service. */
export const SERVER_FAILURES: Readonly<Record<string, ServerFailure>> = {
  "takes 429 as throttled, for as long as the server asks": {
    script: (server) => server.failNext(1, 429, { "retry-after": "3" }),
    fields: { kind: "throttled", retry: true, retryAfter: 3_000 },
  },
  "tells a 429 for a day as it is, as the gateway decides what comes of it": {
    script: (server) => server.failNext(1, 429, { "retry-after": "86400" }),
    fields: { kind: "throttled", retry: true, retryAfter: 86_400_000 },
  },
  "takes 401 as final until the credentials are mended": {
    script: (server) => server.failNext(1, 401),
    fields: { kind: "auth", retry: false, status: 401 },
  },
  "takes 503 as passing": {
    script: (server) => server.failNext(1, 503),
    fields: { kind: "transient", retry: true, status: 503 },
  },
  "does not follow a redirect": {
    script: (server) => server.failNext(1, 307, { location: "/elsewhere" }),
    fields: { status: 307 },
  },
  "takes a broken connection as passing, with an unknown outcome": {
    script: (server) => server.failNext(1, "reset"),
    fields: { kind: "transient", retry: true, outcome: "unknown" },
  },
};

/** The server of a fixture. Fails the test when there is none though the suite was told of one. */
export function serverOf({ server }: { readonly server?: FaultServer }): FaultServer {
  if (!server) throw new Error("the suite was told that there is a server, but the fixture has none");
  return server;
}

/** Lets the server fail and checks what comes of it: the error's fields, that it shows no secret, and one request alone. */
export async function expectFailure(
  { server, secrets }: { readonly server: FaultServer; readonly secrets: readonly string[] },
  { script, fields }: ServerFailure,
  work: () => Promise<unknown>,
): Promise<void> {
  script(server);
  const error = await failureOf(work());
  assertFields(error, fields);
  assertNotIn(error, secrets);
  assert.ok(server.requests.length <= 1, "one attempt is one request: the queue owns retries");
}

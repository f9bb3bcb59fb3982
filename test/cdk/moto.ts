import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";

const REGION = "us-east-1";

/** Milliseconds: moto takes under a second to start on a quiet machine. */
const LONGEST_START = 30_000;

/** Where the emulator of AWS is on this machine; undefined when it is not. */
export function findMoto(): string | undefined {
  const paths = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "moto_server"));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Moto {
  readonly endpoint: string;
  /** Calls a service that has the query protocol, such as CloudFormation; answers its XML. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  /** Calls a service that has REST and JSON, such as Lambda. */
  get(service: string, address: string): Promise<unknown>;
  stop(): void;
}

/** Starts the emulator, whose program is at `path`, on a free port of this machine. */
export async function startMoto(path: string): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(path, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  await answers(endpoint, child);
  // Emulators check no signature, but read the service's name from it.
  const authorization = (service: string) =>
    `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  const call = async (service: string, address: string, init: RequestInit) => {
    const response = await fetch(`${endpoint}${address}`, {
      ...init,
      headers: { authorization: authorization(service) },
    });
    if (!response.ok) throw new Error(`moto answered ${response.status} to ${service}: ${await response.text()}`);
    return response;
  };
  return {
    endpoint,
    query: async (service, parameters) =>
      (await call(service, "/", { method: "POST", body: new URLSearchParams(parameters) })).text(),
    get: async (service, address) => (await call(service, address, { method: "GET" })).json(),
    stop: () => child.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + LONGEST_START;
  while (Date.now() < end && child.exitCode === null) {
    const response = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error(`moto_server does not answer at ${endpoint}`);
}

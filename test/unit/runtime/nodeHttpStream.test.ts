import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { type Answer, type FaultServer, startFaultServer } from "../../../lib/adapter/testing/faultServer.ts";
import { knownSecrets } from "../../../lib/runtime/knownSecrets.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";

const MIB = 1024 * 1024;
const LINES = { "content-type": "Text/Event-Stream; charset=utf-8" };

let server: FaultServer | undefined;
afterEach(() => server?.close());

/** Asks a server that answers so, and hears its lines. */
async function ask(answer: Answer, client = nodeHttpClient, headers: Record<string, string> = {}) {
  server = await startFaultServer(() => answer);
  const told: string[] = [];
  const stream = { contentType: "text/event-stream", onLine: (line: string) => void told.push(line) };
  const response = await client
    .send({ url: server.url, method: "POST", timeout: 1_000, stream, headers })
    .catch((error: unknown) => error);
  return { told, response };
}

it("tells an answer's lines as they come, whole, whatever pieces they come in, and has no text then", async () => {
  const emoji = Buffer.from("👋");
  const pieces = ["one\ntw", "o\r\n", emoji.subarray(0, 2), emoji.subarray(2), "\n\nthe last"];
  const { told, response } = await ask({ status: 200, headers: LINES, pieces });
  expect(told).toEqual(["one", "two", "👋", "", "the last"]);
  expect(response).toMatchObject({ status: 200, text: "" });
});

it("unpacks them", async () => {
  const headers = { ...LINES, "content-encoding": "gzip" };
  expect((await ask({ status: 200, headers, pieces: [gzipSync("one\ntwo\n")] })).told).toEqual(["one", "two"]);
});

it.each([
  ["another content type", { status: 200, headers: { "content-type": "application/json" }, body: "{}" }],
  ["no content type", { status: 200, body: "{}" }],
  ["a failure", { status: 503, headers: LINES, body: "{}" }],
])("answers %s in one piece, as ever", async (_, answer) => {
  const { told, response } = await ask(answer);
  expect(told).toEqual([]);
  expect(response).toMatchObject({ status: answer.status, text: "{}" });
});

it("tells what came before a connection broke, and that it broke", async () => {
  const { told, response } = await ask({ status: 200, headers: LINES, pieces: ["one\ntwo", 20, "reset"] });
  expect(told).toEqual(["one"]);
  expect(response).toMatchObject({ name: "HttpError", outcome: "unknown" });
});

it("B8 holds the time limit for a stream, and tells nothing afterwards", async () => {
  const { told, response } = await ask({ status: 200, headers: LINES, pieces: ["one\n", 1_300, "two\n"] });
  expect(response).toMatchObject({ name: "HttpError", message: expect.stringContaining("within 1000 ms") });
  await sleep(400);
  expect(told).toEqual(["one"]);
});

it("cuts a stream without end, and a line without end, before they fill the memory", async () => {
  const line = `${"x".repeat(1_000)}\n`;
  const long = await ask({ status: 200, headers: LINES, pieces: Array(80).fill(line.repeat(500)) });
  expect(long.told.length).toBeGreaterThan(32_000);
  expect(long.told.length).toBeLessThan(35_000);
  await server?.close();
  const wide = await ask({ status: 200, headers: LINES, pieces: ["one\n", ...Array(4).fill("x".repeat(MIB))] });
  expect(wide.told).toEqual(["one"]);
});

it("takes a secret out of each line, as out of any answer", async () => {
  const client = knownSecrets({ get: async () => "a-known-secret" }).redactingClient(nodeHttpClient);
  const pieces = ['data: {"said":"Bearer key-of-th', 'e-header"}\n'];
  const { told } = await ask({ status: 200, headers: LINES, pieces }, client, {
    authorization: "Bearer key-of-the-header",
  });
  expect(told).toEqual(['data: {"said":"<secret>"}']);
});

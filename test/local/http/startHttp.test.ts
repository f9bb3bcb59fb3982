import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HttpServer, startHttp } from "../../../local/http/startHttp.ts";

let server: HttpServer;
beforeEach(async () => {
  server = await startHttp(0, () => undefined);
});
afterEach(() => server.close(0));

const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
  fetch(`${server.url}/a/b`, { method: "POST", body, headers: { "content-type": type, cookie: "x=1; y=2" } });

describe("startHttp", () => {
  it("says 503 until it serves, then 200", async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503);
    server.serve([]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/other`)).status).toBe(404);
  });

  it.each([
    ["application/json; charset=utf-8", '{"a":"ä"}', { body: '{"a":"ä"}', isBase64Encoded: false }],
    ["application/x-www-form-urlencoded", "a=1", { body: "YT0x", isBase64Encoded: true }],
    ["application/json", Uint8Array.of(0xff), { body: "/w==", isBase64Encoded: true }],
  ])("hands %s on as an HTTP API does", async (type, body, expected) => {
    server.serve([{ key: "POST /a/{id}", target: async (event) => event }]);

    const event = v.parse(v.object({ cookies: v.array(v.string()) }), await (await post(body, type)).json());

    expect(event.cookies).toEqual(["x=1", "y=2"]);
    const again = await (await post(body, type)).json();
    expect(again).toMatchObject({ ...expected, pathParameters: { id: "b" }, requestContext: { stage: "$default" } });
  });

  it("refuses more than 10 MB", async () => {
    server.serve([{ key: "POST /a/{id}", target: async () => "never" }]);

    expect((await post("x".repeat(10 * 1024 * 1024 + 1), "text/plain")).status).toBe(413);
  });
});

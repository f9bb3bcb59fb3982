import { describe, expect, it } from "vitest";
import { toHttpResponse } from "../../../local/http/toHttpResponse.ts";

const show = (result: unknown) => {
  const { status, headers, body } = toHttpResponse(result);
  return [status, headers, body.toString()];
};

describe("toHttpResponse", () => {
  it("passes a structured result on", () => {
    expect(show({ statusCode: 201, headers: { "X-A": 1 }, cookies: ["a=b"], body: "hi" })).toEqual([
      201,
      { "content-type": "text/plain; charset=utf-8", "x-a": "1", "set-cookie": ["a=b"] },
      "hi",
    ]);
  });

  it("decodes a base64 body", () => {
    expect(show({ statusCode: 200, body: "aGk=", isBase64Encoded: true })[2]).toBe("hi");
  });

  it("answers 200 with what has no status code", () => {
    expect(show({ ok: true })).toEqual([200, { "content-type": "application/json" }, '{"ok":true}']);
    expect(show("plain")[2]).toBe("plain");
  });

  it("answers 500 for a result that is malformed", () => {
    expect(show({ statusCode: "200" })[0]).toBe(500);
  });
});

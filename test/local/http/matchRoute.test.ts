import { describe, expect, it } from "vitest";
import { matchRoute } from "../../../local/http/matchRoute.ts";

const routes = [
  { key: "GET /items", target: "list" },
  { key: "ANY /webhooks/{platform}", target: "webhook" },
];
const match = (method: string, path: string) => matchRoute(routes, method, path);

describe("matchRoute", () => {
  it("finds the route by method and path", () => {
    expect(match("GET", "/items")?.route.target).toBe("list");
    expect(match("POST", "/items")).toBeUndefined();
  });

  it("gives variables their decoded values", () => {
    expect(match("POST", "/webhooks/a%20b")?.parameters).toEqual({ platform: "a b" });
  });

  it.each(["/webhooks", "/webhooks/", "/webhooks/a/b", "/webhooks/%", "/"])("finds nothing for %s", (path) => {
    expect(match("POST", path)).toBeUndefined();
  });

  it("refuses a greedy route, which it can't do", () => {
    expect(() => matchRoute([{ key: "ANY /{proxy+}", target: 1 }], "GET", "/")).toThrow("not supported locally");
  });
});

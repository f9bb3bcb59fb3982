import { expect, it } from "vitest";
import { classifyStatus } from "../../../../lib/adapter/http/responseError.ts";

it.each([
  ["throttled", [429]],
  ["transient", [408, 409, 425, 500, 502, 503, 504, 599, 100]],
  ["auth", [401, 403]],
  ["quota", [402]],
  ["invalid", [301, 302, 307, 308, 400, 405, 413, 415, 418, 422]],
  ["gone", [404, 410]],
])("classifies as %s the statuses %j", (kind, statuses) => {
  for (const status of statuses) expect(classifyStatus(status), String(status)).toBe(kind);
});

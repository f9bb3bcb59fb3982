import { expect, it } from "vitest";
import { auditVerdict } from "../../scripts/audit/auditVerdict.ts";

const said = (severities: Readonly<Record<string, string>>) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { name, severity }]),
    ),
  });

it("fails on what is high or critical, and names it", () => {
  const verdict = auditVerdict(said({ a: "low", b: "high", c: "critical", d: "moderate" }));
  expect(verdict).toMatchObject({ outcome: "findings", line: expect.stringContaining("b (high), c (critical)") });
});

it("passes what is neither high nor critical", () => {
  expect(auditVerdict(said({}))).toMatchObject({ outcome: "clean" });
  expect(auditVerdict(said({ a: "moderate" }))).toMatchObject({ outcome: "clean" });
});

const failure = (message: string, statusCode?: number) =>
  JSON.stringify({ message, statusCode, error: { summary: "" } });

it.each([
  failure("405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk", 405),
  failure("404 Not Found - POST https://registry.example/-/npm/v1/security/advisories/bulk", 404),
  failure("request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND registry.example"),
  failure("request to http://127.0.0.1:9/x failed, reason: connect ECONNREFUSED 127.0.0.1:9"),
  failure("network timeout at: https://registry.example/-/npm/v1/security/advisories/bulk"),
])("says that nothing was done where there is no advisory service: %s", (text) => {
  expect(auditVerdict(text)).toMatchObject({ outcome: "absent", line: expect.stringContaining("NOT DONE") });
});

it.each([
  ...["", "no JSON", "null", "[]", '{"vulnerabilities":5}', '{"vulnerabilities":{"a":{}}}'],
  '{"error":{"code":"ENOLOCK","summary":"This command requires an existing lockfile."}}',
  failure("503 Service Unavailable - POST https://registry.example/x", 503),
  failure("401 Unauthorized - POST https://registry.example/x", 401),
  failure("503 Service Unavailable, as its own database said ECONNREFUSED", 503),
  failure("invalid json response body at https://registry.example/x reason: Unexpected token '<'"),
])("fails where npm gives no result: %s", (text) => {
  expect(auditVerdict(text)).toMatchObject({ outcome: "failed", line: expect.stringContaining("FAILED") });
});

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

it("passes what is not", () => {
  expect(auditVerdict(said({}))).toMatchObject({ outcome: "clean" });
  expect(auditVerdict(said({ a: "moderate" }))).toMatchObject({ outcome: "clean" });
});

it.each(["", "no JSON", "null", "[]", '{"vulnerabilities":5}', '{"message":"405 Method Not Allowed"}'])(
  "never takes %j for a result, and says that there is none",
  (text) => {
    expect(auditVerdict(text)).toMatchObject({ outcome: "unreachable", line: expect.stringContaining("NOT DONE") });
  },
);

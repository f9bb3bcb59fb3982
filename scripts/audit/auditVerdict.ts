import * as v from "valibot";

const findingsSchema = v.object({
  vulnerabilities: v.record(v.string(), v.object({ severity: v.string() })),
});
const failureSchema = v.object({ message: v.string() });

/** What `npm audit` came to. */
export interface AuditVerdict {
  readonly outcome: "clean" | "findings" | "unreachable";
  /** One line for a person. */
  readonly line: string;
}

/**
 * Reads what `npm audit --json` has said. Findings are such of high or critical severity; that the advisory service can't
 * be reached is not one, but is never taken for a clean result either.
 */
export function auditVerdict(said: string): AuditVerdict {
  const answer = parse(said);
  const found = v.safeParse(findingsSchema, answer);
  if (!found.success) {
    const failure = v.safeParse(failureSchema, answer);
    const why = failure.success ? failure.output.message : "npm said nothing that can be read";
    return { outcome: "unreachable", line: `audit: NOT DONE, as the advisory service can't be reached (${why})` };
  }
  const severe = Object.entries(found.output.vulnerabilities).filter(([, { severity }]) =>
    /^(high|critical)$/.test(severity),
  );
  if (severe.length === 0)
    return { outcome: "clean", line: "audit: no known vulnerability of high or critical severity" };
  const names = severe.map(([name, { severity }]) => `${name} (${severity})`).join(", ");
  return {
    outcome: "findings",
    line: `audit: known vulnerabilities in ${names}: update them; npm audit --omit=dev says more`,
  };
}

function parse(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    // Then there is no verdict in it; the caller is told so.
    return undefined;
  }
}

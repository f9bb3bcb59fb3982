import * as v from "valibot";

const findingsSchema = v.object({
  vulnerabilities: v.record(v.string(), v.object({ severity: v.string() })),
});
const failureSchema = v.object({ message: v.string(), statusCode: v.optional(v.number()) });

/** How a registry without an advisory service answers: the address is unknown, or takes no POST, or is not made yet. */
const NOT_OFFERED = [404, 405, 501];

/** What npm says when nobody answered at all: no name, no route, no port, no word in time. */
const NOBODY =
  /^network timeout at: |^request to \S+ failed, reason: .*\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/;

/** What `npm audit` came to. */
export interface AuditVerdict {
  /** `absent`: there is no advisory service to ask. `failed`: there is one, or may be, and it gave no result. */
  readonly outcome: "clean" | "findings" | "absent" | "failed";
  /** One line for a person. */
  readonly line: string;
}

/**
 * Reads what `npm audit --json` has said. Findings are such of high or critical severity. That there is no advisory
 * service is not one, but is never taken for a clean result either; whatever else is no result is a failure.
 */
export function auditVerdict(said: string): AuditVerdict {
  const answer = parse(said);
  const found = v.safeParse(findingsSchema, answer);
  if (!found.success) return withoutResult(answer);
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

function withoutResult(answer: unknown): AuditVerdict {
  const failure = v.safeParse(failureSchema, answer);
  if (!failure.success) return { outcome: "failed", line: "audit: FAILED, as npm said nothing that can be read" };
  const { message, statusCode } = failure.output;
  const isAbsent = statusCode === undefined ? NOBODY.test(message) : NOT_OFFERED.includes(statusCode);
  return isAbsent
    ? { outcome: "absent", line: `audit: NOT DONE, as there is no advisory service to ask (${message})` }
    : { outcome: "failed", line: `audit: FAILED, as the advisory service gave no result (${message})` };
}

function parse(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    // Then there is no verdict in it; the caller is told so.
    return undefined;
  }
}

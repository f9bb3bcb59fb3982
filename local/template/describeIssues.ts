import type * as z from "zod/mini";

/** What is wrong with a part of the template, in one line. The small zod has no words of its own. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  return issues.map(describe).join("; ");
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  const at = path === "" ? "" : `${path} `;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${at}${issue.keys.join(", ")} not supported locally`;
    case "invalid_type":
      return `${at}must be of type ${issue.expected}`;
    case "invalid_value":
      return `${at}must be one of ${issue.values.map(String).join(", ")}`;
    default:
      return `${at}${issue.message}`;
  }
}

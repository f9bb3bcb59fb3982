import type * as v from "valibot";
import { isUnknownField, pathOf } from "../../lib/adapter/schema/parse.ts";

/** What is wrong with a part of the template, in one line. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map(describe).join("; ");
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = pathOf(issue).join(".");
  const at = path === "" ? "" : `${path} `;
  return isUnknownField(issue) ? `${at}not supported locally` : `${at}must be ${issue.expected}`;
}

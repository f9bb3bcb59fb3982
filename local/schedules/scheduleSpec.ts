import * as v from "valibot";

/** What the runner reads of an `AWS::Scheduler::Schedule`. Its retry policy means nothing here: the next call comes. */
export const scheduleSpec = v.object({
  ScheduleExpression: v.string(),
  ScheduleExpressionTimezone: v.optional(v.string(), "UTC"),
  State: v.optional(v.picklist(["ENABLED", "DISABLED"]), "ENABLED"),
  Target: v.object({ Arn: v.string(), Input: v.optional(v.string()) }),
});

import * as z from "zod/mini";

/** What the runner reads of an `AWS::Scheduler::Schedule`. Its retry policy means nothing here: the next call comes. */
export const scheduleSpec = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z._default(z.string(), "UTC"),
  State: z._default(z.enum(["ENABLED", "DISABLED"]), "ENABLED"),
  Target: z.object({ Arn: z.string(), Input: z.optional(z.string()) }),
});

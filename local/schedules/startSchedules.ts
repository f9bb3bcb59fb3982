import type { FunctionPool } from "../functions/FunctionPool.ts";
import { LocalError } from "../LocalError.ts";
import type { Names } from "../template/Names.ts";
import { readResources } from "../template/readResources.ts";
import type { Template } from "../template/Template.ts";
import { parseSchedule } from "./parseSchedule.ts";
import { type RunningSchedule, runSchedule } from "./runSchedule.ts";
import { scheduleSpec } from "./scheduleSpec.ts";

export interface SchedulesOptions {
  readonly template: Template;
  readonly names: Names;
  /** By ARN. */
  readonly functions: ReadonlyMap<string, FunctionPool>;
  readonly onError: (functionName: string, error: unknown) => void;
}

/** Starts every schedule of the template. @throws LocalError for one that the runner can't do */
export function startSchedules({ template, names, functions, onError }: SchedulesOptions): readonly RunningSchedule[] {
  const schedules = readResources(template, "AWS::Scheduler::Schedule", scheduleSpec, names.lookup)
    .filter(({ properties }) => properties.State === "ENABLED")
    .map(({ id, properties }) => {
      const { ScheduleExpression: expression, ScheduleExpressionTimezone: zone, Target: target } = properties;
      const pool = functions.get(target.Arn);
      if (!pool) throw new LocalError(`the schedule ${id} of the template calls an unknown function`);
      const input: unknown = JSON.parse(target.Input ?? "{}");
      const call = () => void pool.invoke(input).catch((error) => onError(pool.spec.name, error));
      return { schedule: parseSchedule(expression, zone), call };
    });
  return schedules.map(({ schedule, call }) => runSchedule(schedule, call));
}

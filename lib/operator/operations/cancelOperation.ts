import { recordAudit } from "../audit.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { type Operation, type Tools, updateOperation } from "./Operation.ts";

/** Ends a bulk action: the process that works on it stops after its batch. What is done stays done. @throws CommandFailed */
export async function cancelOperation(
  { services }: Pick<Tools, "services">,
  operation: Operation,
  who: string,
): Promise<Operation> {
  const { table, clock } = services;
  const { id, name } = operation;
  await recordAudit(services, { who, action: "operations cancel", target: name, operation: id });
  const cancelled = await updateOperation(
    table,
    id,
    { status: "cancelled", endedAt: clock.now() },
    {
      condition: "#status = :running OR #status = :halted",
      values: { ":running": "running", ":halted": "halted" },
    },
  );
  if (!cancelled) throw new CommandFailed(`${name} is over already: there is nothing to cancel`);
  return cancelled;
}

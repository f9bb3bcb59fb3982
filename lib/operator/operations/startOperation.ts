import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../../store/dueIndex.ts";
import { operationItem } from "../../store/keys.ts";
import { VERSION } from "../../store/versions.ts";
import { recordAudit, recordExpiry } from "../audit.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { MOST_CANARY } from "./canary.ts";
import type { Operation, Tools } from "./Operation.ts";
import type { Plan } from "./planOperation.ts";

/** Who begins a bulk action, and how it is to go. */
export interface Start {
  readonly who: string;
  readonly why?: string | undefined;
  /** @default the verb and the end of the id */
  readonly name?: string | undefined;
  /** Hooks to try first. @default 0 */
  readonly canary?: number | undefined;
  /** The most hooks a second. @default as fast as it goes */
  readonly rate?: number | undefined;
}

/** Writes a planned bulk action into the table and the audit log; `runOperation` does it. @throws CommandFailed */
export async function startOperation({ services }: Tools, plan: Plan, start: Start): Promise<Operation> {
  const { table, clock, newId } = services;
  const { who, why, name, canary = 0, rate } = start;
  if (canary > MOST_CANARY) throw new CommandFailed(`a canary of ${canary}: ${MOST_CANARY} are the most`);
  if (plan.scope.verb === "discard" && !why?.trim()) {
    throw new CommandFailed("discarding takes a reason: say it with --reason");
  }
  const id = newId();
  const operation: Operation = {
    ...plan.scope,
    ...{ id, name: name ?? `${plan.scope.verb}-${id.slice(-6).toLowerCase()}`, who, count: plan.count, canary },
    ...(why === undefined ? {} : { why }),
    ...(rate === undefined ? {} : { rate }),
    ...{ createdAt: clock.now(), status: "running", done: 0, left: 0 },
  };
  const { verb, filter, provider } = plan.scope;
  const action = verb === "replay" ? `replay to ${provider}` : `hooks ${verb}`;
  const about = { who, action, target: filter || "all", operation: id, ...(why === undefined ? {} : { why }) };
  await recordAudit(services, about);
  const Item = {
    ...{ ...operationItem(id), v: VERSION, ...operation },
    ...{ state: stateKey("OPERATION", id), at: operation.createdAt, expiresAt: recordExpiry(operation.createdAt) },
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
  return operation;
}

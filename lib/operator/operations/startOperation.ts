import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { stateKey } from "../../store/dueIndex.ts";
import { operationItem } from "../../store/keys.ts";
import { VERSION } from "../../store/versions.ts";
import { recordAudit, recordExpiry } from "../audit.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { withoutUsers } from "../filter/parseFilter.ts";
import { isDiscard, nounOf } from "./Batch.ts";
import { MOST_CANARY } from "./canary.ts";
import type { Operation, Tools, Verb } from "./Operation.ts";
import type { Plan } from "./planOperation.ts";

/** Who begins a bulk action, and how it is to go. */
export interface Start {
  readonly who: string;
  readonly why?: string | undefined;
  /** @default the verb and the end of the id */
  readonly name?: string | undefined;
  /** So many are tried first. @default 0 */
  readonly canary?: number | undefined;
  /** The most of them a second. @default as fast as it goes */
  readonly rate?: number | undefined;
}

/** Writes a planned bulk action into the table and the audit log; `runOperation` does it. @throws CommandFailed */
export async function startOperation({ services }: Tools, plan: Plan, start: Start): Promise<Operation> {
  const { table, clock, newId } = services;
  const { who, why, name, canary = 0, rate } = start;
  if (canary > MOST_CANARY) throw new CommandFailed(`a canary of ${canary}: ${MOST_CANARY} are the most`);
  const { verb, filter, provider } = plan.scope;
  if (canary > 0 && nounOf(verb) === "message") {
    throw new CommandFailed(
      "messages have no canary, as a queue does not tell what came of one: name one first, by id:",
    );
  }
  if (isDiscard(verb) && !why?.trim()) {
    throw new CommandFailed("discarding takes a reason: say it with --reason");
  }
  const id = newId();
  const operation: Operation = {
    ...plan.scope,
    ...{ id, name: name ?? `${plan.scope.verb}-${id.slice(-6).toLowerCase()}`, who, canary },
    count: plan.count + plan.hidden,
    ...(why === undefined ? {} : { why }),
    ...(rate === undefined ? {} : { rate }),
    ...{ createdAt: clock.now(), status: "running", done: 0, left: 0 },
  };
  const about = {
    who,
    action: actionOf(verb, provider),
    target: withoutUsers(filter) || "all",
    operation: id,
    ...(why === undefined ? {} : { why }),
  };
  await recordAudit(services, about);
  const Item = {
    ...{ ...operationItem(id), v: VERSION, ...operation },
    ...{ state: stateKey("OPERATION", id), at: operation.createdAt, expiresAt: recordExpiry(operation.createdAt) },
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
  return operation;
}

/** As the command is called. */
function actionOf(verb: Verb, provider: string | undefined): string {
  if (verb === "replay") return `replay to ${provider}`;
  const noun = nounOf(verb);
  if (noun === "hook") return `hooks ${verb}`;
  return noun === "reply" ? `replies ${verb.replace("-replies", "")}` : `inbound ${verb.replace("-inbound", "")}`;
}

import type { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { serviceError } from "./serviceError.ts";

type Action = NonNullable<TransactWriteCommand["input"]["TransactItems"]>[number];

/** What a table does with one action of a transaction. */
export interface Transacted {
  /** Throws as the SDK does when the action's condition does not hold. */
  check(input: NonNullable<Action["ConditionCheck"] | Action["Update"]>): void;
  update(input: NonNullable<Action["Update"]>): void;
}

/** All actions of a transaction or, where a condition does not hold, none. It knows looks and updates. */
export function transactWrite(table: Transacted, actions: readonly Action[]): Record<string, never> {
  const reasons = actions.map(({ ConditionCheck, Update }) => {
    const input = ConditionCheck ?? Update;
    if (!input) throw new Error("the model of the table knows only looks and updates in transactions; teach it more");
    try {
      table.check(input);
      return { Code: "None" };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") throw error;
      return { Code: "ConditionalCheckFailed" };
    }
  });
  if (reasons.some(({ Code }) => Code !== "None")) {
    throw serviceError("TransactionCanceledException", "a condition does not hold", { CancellationReasons: reasons });
  }
  for (const { Update } of actions) if (Update) table.update(Update);
  return {};
}

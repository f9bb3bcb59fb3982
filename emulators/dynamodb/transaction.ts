import { createHash } from "node:crypto";
import { AwsError } from "../AwsError.ts";
import { dynalite } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { errorAnswer } from "./errorAnswer.ts";
import type { Item } from "./item.ts";

/** Why one item of a transaction kept it from happening; `None`: it did not. */
export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

/** Ends a transaction, unless every reason is `None`. */
export function cancelUnlessAllWell(reasons: CancellationReason[], more: Record<string, unknown> = {}): void {
  if (reasons.every(({ Code }) => Code === "None")) return;
  const codes = reasons.map(({ Code }) => Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  throw new AwsError("TransactionCanceledException", message, {
    more: { Message: message, CancellationReasons: reasons, ...more },
  });
}

/** What an error of one item means for the transaction; an error that is about no item ends it at once. */
export function reasonOf(error: unknown): CancellationReason {
  const answer = errorAnswer(error);
  const type = String(answer?.body.__type).split("#").at(-1);
  const message = String(answer?.body.message);
  if (type === "ConditionalCheckFailedException") return { Code: "ConditionalCheckFailed", Message: message };
  if (type === "ValidationException") return { Code: "ValidationError", Message: message };
  throw error;
}

/** Refuses two operations on one item. */
export function refuseDuplicates(engine: Engine, items: { TableName: string; key: Item }[]): void {
  const seen = new Set<string>();
  for (const { TableName, key } of items) {
    const table = engine.tables.get(TableName);
    // Whatever is wrong with the table or the key is told when its turn comes.
    if (!table || table.KeySchema.some(({ AttributeName }) => !key[AttributeName])) continue;
    const types = new Map(table.AttributeDefinitions.map((one) => [one.AttributeName, one.AttributeType]));
    const isWrong = table.KeySchema.some(
      ({ AttributeName }) => Object.keys(key[AttributeName] ?? {})[0] !== types.get(AttributeName),
    );
    if (isWrong) continue;
    const id = `${TableName}~${dynalite.createKey(key, table)}`;
    if (seen.has(id)) {
      const message = "Transaction request cannot include multiple operations on one item";
      throw new AwsError("ValidationException", message);
    }
    seen.add(id);
  }
}

/** A fingerprint of what a transaction does, to know it again. */
export function fingerprint(items: object): string {
  return createHash("sha256").update(JSON.stringify(items)).digest("base64");
}

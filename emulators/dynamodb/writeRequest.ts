import type { Detail } from "./consumedCapacity.ts";
import { loadSpec, type Spec } from "./dynalite.ts";
import type { Item } from "./item.ts";
import type { ParsedUpdate } from "./orderRemovals.ts";

/** A put, update, delete or check of one item, as far as this folder reads it. */
export interface WriteRequest {
  TableName: string;
  Item?: Item;
  Key?: Item;
  /** The update expression as dynalite's check leaves it. */
  _updates?: ParsedUpdate;
  ReturnConsumedCapacity?: Detail;
  ReturnValuesOnConditionCheckFailure?: "ALL_OLD" | "NONE";
}

/** The shape of such a request: dynalite's, and what dynalite does not know. */
export function writeSpec(name: "putItem" | "updateItem" | "deleteItem"): Spec {
  const spec = loadSpec(name);
  return {
    ...spec,
    types: { ...spec.types, ReturnValuesOnConditionCheckFailure: { type: "String", enum: ["ALL_OLD", "NONE"] } },
  };
}

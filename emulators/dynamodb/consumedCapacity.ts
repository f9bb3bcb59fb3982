import type { Usage } from "./usage.ts";

/** How much of its consumption a request wants to know. */
export type Detail = "INDEXES" | "TOTAL" | "NONE" | undefined;

interface Units {
  CapacityUnits: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

/** What a request used up of one table, as a response shows it. */
export interface ConsumedCapacity extends Units {
  TableName: string;
  Table?: Units;
  GlobalSecondaryIndexes?: Record<string, Units>;
  LocalSecondaryIndexes?: Record<string, Units>;
}

/**
 * Usage by table as a response shows it; undefined when nobody asked.
 *
 * @param kind set in transactions, whose answers name the kind of unit as well
 */
export function consumedCapacity(
  usages: Map<string, Usage>,
  detail: Detail,
  kind?: "ReadCapacityUnits" | "WriteCapacityUnits",
): ConsumedCapacity[] | undefined {
  if (detail !== "TOTAL" && detail !== "INDEXES") return undefined;
  const show = (units: number): Units => ({ CapacityUnits: units, ...(kind && { [kind]: units }) });
  return [...usages].map(([table, usage]) => ({
    TableName: table,
    ...show(total(usage)),
    ...(detail === "INDEXES" && {
      Table: show(usage.table),
      ...showAll("GlobalSecondaryIndexes", usage.global),
      ...showAll("LocalSecondaryIndexes", usage.local),
    }),
  }));

  function showAll(name: "GlobalSecondaryIndexes" | "LocalSecondaryIndexes", indexes: Record<string, number>) {
    const entries = Object.entries(indexes).map(([index, units]) => [index, show(units)]);
    return entries.length > 0 ? { [name]: Object.fromEntries(entries) } : {};
  }
}

function total({ table, global, local }: Usage): number {
  return [...Object.values(global), ...Object.values(local)].reduce((sum, units) => sum + units, table);
}

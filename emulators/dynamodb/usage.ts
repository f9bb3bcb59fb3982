/** Capacity units used of one table and its indexes, to add to. */
export interface Usage {
  table: number;
  global: Record<string, number>;
  local: Record<string, number>;
}

/** Usage of a table alone. */
export function tableUsage(units: number): Usage {
  return { table: units, global: {}, local: {} };
}

import { oneLine } from "../../lib/runtime/oneLine.ts";

/**
 * Rows below a head, in aligned columns. The cells may hold any text.
 *
 * @param paint colours a padded cell
 */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string) => string = (cell) => cell,
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => oneLine(cell) || "-"));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => paint(column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

import { truncate } from "../../lib/adapter/text/truncate.ts";
import { singleLine } from "../../lib/operator/plain.ts";

/** The narrowest that a column is made, characters: a few letters and what says that more follow. */
const NARROWEST = 4;

/** Between two columns. */
const GAP = 2;

/**
 * Rows below a head, in aligned columns. The cells may hold any text.
 *
 * @param paint colours a padded cell
 * @param columns the most characters of a line: the widest cells are cut until it fits. @default any
 */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string) => string = (cell) => cell,
  columns = Number.POSITIVE_INFINITY,
): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => singleLine(cell) || "-"));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  narrow(widths, columns - GAP * (widths.length - 1));
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          const cut = truncate(cell, width);
          return paint(column === row.length - 1 ? cut : cut.padEnd(width));
        })
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .join("\n");
}

function narrow(widths: number[], room: number): void {
  for (let sum = widths.reduce((all, width) => all + width, 0); sum > room; sum--) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) return;
    widths[widest] = width - 1;
  }
}

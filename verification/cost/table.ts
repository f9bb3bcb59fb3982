/** Rows as columns of plain text, or as a markdown table. Texts to the left, amounts to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], markdown: boolean): string {
  const right = head.map((_, column) => rows.every((row) => /^[$\d]/.test(row[column] ?? "")));
  if (markdown) {
    const rule = right.map((amounts) => (amounts ? "---:" : "---"));
    return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((cells) =>
      cells
        .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Dollars with as many digits as mean something. */
export function money(dollars: number): string {
  if (dollars >= 100) return `$${Math.round(dollars).toLocaleString("en-US").replaceAll(",", " ")}`;
  return `$${dollars.toFixed(2)}`;
}

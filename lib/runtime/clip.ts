/** The head of a text: `most` UTF-16 units at the most, the last one an ellipsis when something was cut, no character broken. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const head = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}…`.toWellFormed();
}

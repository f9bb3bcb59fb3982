/** A text in pieces of at most so many characters, as a platform with a limit splits it. */
export function chunksOf(text: string, most: number): readonly string[] {
  const count = Math.ceil(text.length / most);
  return Array.from({ length: count }, (_, index) => text.slice(index * most, (index + 1) * most));
}

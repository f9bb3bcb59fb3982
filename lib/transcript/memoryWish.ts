/** What a `/memory` command wishes, by what follows its name; undefined when it is neither. */
export function memoryWish(text: string): "on" | "off" | undefined {
  const wish = text.trim().toLowerCase();
  return wish === "on" || wish === "off" ? wish : undefined;
}

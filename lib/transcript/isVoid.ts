/** Whether a row of a session's turns stands there to keep a turn out: see `voidTurn`. It is none itself. */
export function isVoid({ kind }: Readonly<Record<string, unknown>>): boolean {
  return kind === "void";
}

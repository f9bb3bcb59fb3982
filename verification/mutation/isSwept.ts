/** Whether a line of the log tells of a sweep. */
export const isSwept = (line: unknown): line is { readonly due: number } =>
  typeof line === "object" && line !== null && "due" in line;

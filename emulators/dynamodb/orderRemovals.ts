/** An update expression in parts: an action each, on an attribute or something within. */
export interface ParsedUpdate {
  sections: { type: string; path: (string | number)[] }[];
}

/**
 * Puts an update's removals last, those of higher list positions first.
 * All of them mean positions in the item as it was, while dynalite removes one after the other, so that the first
 * removal would move the elements that the next ones mean.
 */
export function orderRemovals(update: ParsedUpdate | undefined): void {
  update?.sections.sort((one, other) => {
    if (one.type !== "remove" || other.type !== "remove") {
      return Number(one.type === "remove") - Number(other.type === "remove");
    }
    const at = one.path.findIndex((step, position) => step !== other.path[position]);
    const [step, otherStep] = [one.path[at], other.path[at]];
    return typeof step === "number" && typeof otherStep === "number" ? otherStep - step : 0;
  });
}

/** What a verifier that spin has made says. */
export interface Verdict {
  readonly states: number;
  /** Steps of the longest run. */
  readonly depth: number;
  readonly seconds: number;
  /** Whether every state was visited, each as itself: nothing cut off, nothing hashed away. */
  readonly complete: boolean;
  /** What was broken: the number of a claim, or what the verifier says in its own words; undefined when nothing was. */
  readonly broken: number | string | undefined;
}

/** Reads what `pan` prints. */
export function readVerdict(printed: string): Verdict {
  const wrong = /^pan:1: (.*?)(?: \(at depth \d+\))?$/m.exec(printed)?.[1];
  const claim = /^assertion violated \((\d+)&&/.exec(wrong ?? "")?.[1];
  const errors = amount(/errors: (\d+)/, printed);
  const isWhole =
    /^Full statespace search/m.test(printed) && !/Search not completed|max search depth|Bit ?state/i.test(printed);
  const silent = errors === 0 ? undefined : `no verdict: ${printed.trim().slice(-500)}`;
  return {
    states: amount(/(\S+) states, stored/, printed) ?? 0,
    depth: amount(/depth reached (\d+)/, printed) ?? 0,
    seconds: amount(/elapsed time (\S+) seconds/, printed) ?? 0,
    complete: isWhole && errors === 0,
    broken: claim === undefined ? (wrong ?? silent) : Number(claim),
  };
}

function amount(pattern: RegExp, printed: string): number | undefined {
  const found = pattern.exec(printed)?.[1];
  return found === undefined ? undefined : Number(found);
}

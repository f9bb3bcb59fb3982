/** A line of a page, outside its blocks of code. */
export interface Line {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a page that no fence (three backticks or tildes, or more) makes a block of code. */
export function proseOf(page: string): readonly Line[] {
  return split(page).prose;
}

/** The lines of a page that stand in its blocks of code. */
export function codeOf(page: string): readonly Line[] {
  return split(page).code;
}

function split(page: string): { readonly prose: readonly Line[]; readonly code: readonly Line[] } {
  const prose: Line[] = [];
  const code: Line[] = [];
  let fence: string | undefined;
  for (const [index, text] of page.split("\n").entries()) {
    const line = { number: index + 1, text };
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence === undefined) prose.push(line);
    else if (mark?.startsWith(fence) === true) fence = undefined;
    else code.push(line);
  }
  return { prose, code };
}

/**
 * Whether a licence expression can be met with these licences: of "or" one side is enough, of "and" both are needed.
 * What can't be read is not met. https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function satisfies(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const operand = (): boolean => {
    const token = tokens[at++];
    if (token !== "(") return token !== undefined && allowed.has(token);
    const inner = either();
    return tokens[at++] === ")" && inner;
  };
  const both = (): boolean => {
    let met = operand();
    // In this order: the right side must be read whatever the left one is.
    while (tokens[at] === "AND" && at++) met = operand() && met;
    return met;
  };
  const either = (): boolean => {
    let met = both();
    while (tokens[at] === "OR" && at++) met = both() || met;
    return met;
  };
  return either() && at === tokens.length;
}

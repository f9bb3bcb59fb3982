import type { GatewayHarness } from "./GatewayHarness.ts";

/** What an operator is told: log lines and metrics. */
export interface Told {
  /** Each log line: level, event and fields, without times, stacks and ports. */
  readonly lines: readonly string[];
  /** Each metric: name, value, unit and dimensions. */
  readonly metrics: readonly string[];
}

/** Answers what an operator is told of what `act` does; ids are numbered in the order in which they come. */
export async function told(harness: GatewayHarness, act: () => Promise<unknown>): Promise<Told> {
  const [lines, metrics] = [harness.lines.length, harness.measured.length];
  await act();
  const ids = new Map<string, string>();
  const numbered = (id: string) => {
    const number = ids.get(id) ?? `#${ids.size + 1}`;
    ids.set(id, number);
    return number;
  };
  return {
    lines: harness.lines.slice(lines).map((line) => {
      const known = line.replaceAll(/\b[0-9A-Z]{26}\b/g, numbered).replaceAll(/127\.0\.0\.1:\d+/g, "server");
      const { time: _, level, event, stack: _stack, messageId: _id, ...fields } = JSON.parse(known);
      return [level, event, ...pairs(fields)].join(" ");
    }),
    metrics: harness.measured
      .slice(metrics)
      .map(({ name, value, unit, by = {} }) => [name, value, unit, ...pairs(by)].join(" ")),
  };
}

function pairs(fields: object): readonly string[] {
  return Object.entries(fields).map(([name, value]) => `${name}=${value}`);
}

import { cpus, loadavg } from "node:os";

/** What was measured: a figure's name, its unit told in it, and its value. */
export type Figures = Readonly<Record<string, number>>;

/** Gives the figures to `npm run bench`, where that started the benchmark. What a person reads is printed beside it. */
export function tellFigures(figures: Figures): void {
  process.send?.(figures);
}

/** The machine that measures, as each benchmark begins with. */
export function machine(): string {
  const load = loadavg()[0]?.toFixed(1);
  return `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, a load of ${load}`;
}

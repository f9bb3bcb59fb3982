import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

/** A line or the bars of a chart. */
export interface Series {
  readonly name: string;
  /** A colour of the style sheet, such as `--good`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

const HEIGHT = 150;

/** Values over time. Bars stand on each other; the table behind it says the same to readers. */
export function Chart({
  title,
  times,
  series,
  kind,
  format,
}: {
  readonly title: string;
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind: "bars" | "lines";
  readonly format: (value: number) => string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const isEmpty = series.every(({ values }) => values.every((value) => !value));
  const key = JSON.stringify([times, series.map(({ values }) => values)]);
  useEffect(() => {
    const element = place.current;
    if (!element || isEmpty) return;
    const draw = () => {
      element.replaceChildren();
      return new uPlot(
        optionsOf({ times, series, kind, format }, element.clientWidth),
        dataOf(times, series, kind),
        element,
      );
    };
    let plot = draw();
    const redraw = () => {
      plot.destroy();
      plot = draw();
    };
    const size = new ResizeObserver(() => {
      if (Math.abs(plot.width - element.clientWidth) > 1) plot.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    size.observe(element);
    const theme = matchMedia("(prefers-color-scheme: dark)");
    theme.addEventListener("change", redraw);
    return () => {
      size.disconnect();
      theme.removeEventListener("change", redraw);
      plot.destroy();
    };
  }, [key, isEmpty]);
  const totals = series.map(({ name, values }) => `${name} ${summary(values, kind, format)}`).join(", ");
  return (
    <figure class="chart panel">
      <figcaption>
        <h3>{title}</h3>
        <ul>
          {series.map(({ name, colour, values }) => (
            <li key={name}>
              <i class={`swatch ${colour.slice(2)}`} aria-hidden="true" />
              {name} <b>{summary(values, kind, format)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      {isEmpty ? <p class="nothing">Nothing yet</p> : <div ref={place} role="img" aria-label={`${title}: ${totals}`} />}
    </figure>
  );
}

/** Of bars their sum, of lines the last value. */
function summary(
  values: readonly (number | null)[],
  kind: "bars" | "lines",
  format: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  if (kind === "bars") return format(known.reduce((sum, value) => sum + value, 0));
  const last = known.at(-1);
  return last === undefined ? "–" : format(last);
}

function dataOf(times: readonly number[], series: readonly Series[], kind: "bars" | "lines"): uPlot.AlignedData {
  if (kind === "lines") return [[...times], ...series.map(({ values }) => [...values])];
  // The whole stack is drawn first, and what lies below it over that.
  const stacks = series.map((_, index) =>
    times.map((_, step) => series.slice(0, index + 1).reduce((sum, { values }) => sum + (values[step] ?? 0), 0)),
  );
  return [[...times], ...stacks.reverse()];
}

function optionsOf(
  {
    times,
    series,
    kind,
    format,
  }: {
    readonly times: readonly number[];
    readonly series: readonly Series[];
    readonly kind: "bars" | "lines";
    readonly format: (value: number) => string;
  },
  width: number,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colourOf = (name: string) => resolve(style.getPropertyValue(name));
  const axis = { stroke: colourOf("--ink-3"), font: "11px system-ui, sans-serif", ticks: { show: false } };
  const lines = series.map(({ name, colour }) => {
    const stroke = colourOf(colour);
    if (kind === "lines")
      return { label: name, stroke, width: 2, spanGaps: true, points: { show: true, size: 5, fill: stroke, width: 0 } };
    return {
      label: name,
      stroke,
      fill: stroke,
      width: 0,
      points: { show: false },
      paths: uPlot.paths.bars?.({ size: [0.7, 18], radius: 0.15 }) ?? (() => null),
    };
  });
  return {
    width,
    height: HEIGHT,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { range: (_plot, min, max) => [min - halfStep(times), max + halfStep(times)] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.08, kind === "bars" ? 1 : 0.001)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 70, values: (_plot, splits) => splits.map(clockText) },
      {
        ...axis,
        grid: { stroke: colourOf("--line"), width: 1 },
        size: 48,
        space: 34,
        values: (_plot, splits) => splits.map((value) => (kind === "bars" && value % 1 ? "" : short(format(value)))),
      },
    ],
    series: [{}, ...(kind === "bars" ? lines.reverse() : lines)],
  };
}

function clockText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return isMidnight
    ? date.toLocaleDateString([], { day: "numeric", month: "short" })
    : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** `light-dark(a, b)` as a canvas takes it: by way of an element's colour. */
function resolve(colour: string): string {
  const probe = document.createElement("i");
  probe.style.color = colour;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** A bar stands in the middle of its step, so the first and the last one need room. Seconds. */
function halfStep(times: readonly number[]): number {
  const [first = 0, second = first + 60] = times;
  return (second - first) / 2;
}

/** The largest unit alone: an axis has no room for two. */
function short(text: string): string {
  return text.split(" ").slice(0, 2).join(" ");
}

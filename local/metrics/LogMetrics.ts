import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** A value that a function put. */
export interface MetricPoint {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
  /** Such as `{ Reason: "idle" }`. */
  readonly by: Readonly<Record<string, unknown>>;
}

/** Points that are kept, the newest: two weeks of a busy machine. */
const MOST_POINTS = 200_000;

/** Read at once, bytes. */
const CHUNK = 1 << 20;

const lineSchema = v.looseObject({
  _aws: v.object({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(v.object({ Metrics: v.array(v.object({ Name: v.string() })) })),
  }),
});

/**
 * The metrics that functions on this machine write into their logs, in the format that CloudWatch reads when they are
 * deployed. Follows the files in a folder, so that any process of this machine's user has the same.
 */
export class LogMetrics {
  readonly #folder: string;
  readonly #places = new Map<string, { offset: number; rest: string }>();
  #points: MetricPoint[] = [];

  /** @param folder of log files, one a function */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Every point that is known by now. */
  read(): readonly MetricPoint[] {
    if (!existsSync(this.#folder)) return [];
    for (const name of readdirSync(this.#folder).filter((one) => one.endsWith(".log"))) this.#follow(name);
    if (this.#points.length > MOST_POINTS) this.#points = this.#points.slice(-MOST_POINTS);
    return this.#points;
  }

  #follow(name: string): void {
    const path = join(this.#folder, name);
    const { size } = statSync(path);
    const place = this.#places.get(name) ?? { offset: 0, rest: "" };
    // It was put aside, and a new one begun.
    if (size < place.offset) Object.assign(place, { offset: 0, rest: "" });
    this.#places.set(name, place);
    if (size === place.offset) return;
    const file = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(CHUNK);
      for (let count = -1; count !== 0; ) {
        count = readSync(file, buffer, 0, CHUNK, place.offset);
        place.offset += count;
        // What is cut within a character is of a line without metrics, or is whole with the rest.
        const lines = (place.rest + buffer.toString("latin1", 0, count)).split("\n");
        place.rest = lines.pop() ?? "";
        for (const line of lines) if (line.includes('"_aws"')) this.#take(line);
      }
    } finally {
      closeSync(file);
    }
  }

  #take(line: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      // A line that a crash cut off.
      return;
    }
    const { success, output } = v.safeParse(lineSchema, parsed);
    if (!success) return;
    const { _aws, ...fields } = output;
    for (const { Name } of _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      const value = fields[Name];
      if (typeof value === "number") this.#points.push({ name: Name, at: _aws.Timestamp, value, by: fields });
    }
  }
}

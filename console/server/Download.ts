/** A file that is written as it is read: one JSON value a line. */
export class Download {
  /** As the browser calls it; letters, digits, hyphens and dots. */
  readonly name: string;
  readonly rows: AsyncIterable<unknown>;
  constructor(name: string, rows: AsyncIterable<unknown>) {
    this.name = name;
    this.rows = rows;
  }
}

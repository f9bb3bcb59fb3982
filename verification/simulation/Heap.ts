/** A priority queue: what comes first by `before` is on top. */
export class Heap<Value> {
  private readonly values: Value[] = [];
  private readonly before: (a: Value, b: Value) => boolean;

  constructor(before: (a: Value, b: Value) => boolean) {
    this.before = before;
  }

  get top(): Value | undefined {
    return this.values[0];
  }

  push(value: Value): void {
    const { values } = this;
    let index = values.length;
    values.push(value);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = values[parent];
      if (above === undefined || this.before(above, value)) break;
      values[index] = above;
      index = parent;
    }
    values[index] = value;
  }

  /** Takes off the top. */
  pop(): void {
    const { values } = this;
    const last = values.pop();
    if (last === undefined || values.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [values[left], values[left + 1]];
      if (a === undefined) break;
      const [child, lesser] = b !== undefined && this.before(b, a) ? [left + 1, b] : [left, a];
      if (this.before(last, lesser)) break;
      values[index] = lesser;
      index = child;
    }
    values[index] = last;
  }
}

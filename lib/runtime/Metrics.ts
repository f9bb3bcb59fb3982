/** Units as CloudWatch names them. */
export type MetricUnit = "Count" | "Seconds" | "Milliseconds";

/** What an operator watches. Names are part of the alarms and the dashboard in `cdk/`. */
export interface Metrics {
  /**
   * Puts one value. With `by` it is kept for the whole gateway, and once more for that value of the dimension.
   *
   * @param by one further dimension, such as `{ Provider: "crm" }`
   */
  put(name: string, value: number, unit: MetricUnit, by?: Readonly<Record<string, string>>): void;
}

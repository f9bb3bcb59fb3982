import { GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** What the numbers of a graph are. */
export interface GraphAxis {
  readonly label?: string;
  /** Columns of the dashboard's 24. @default 8 */
  readonly width?: number;
  /** Where the lowest value may lie; undefined: as low as the values go. @default 0 */
  readonly min?: number | undefined;
}

/** A graph of lines. */
export function graph(title: string, left: readonly IMetric[], axis: GraphAxis = {}): GraphWidget {
  const { label, width = 8, min } = { min: 0, ...axis };
  return new GraphWidget({
    title,
    left: [...left],
    width,
    height: 6,
    leftYAxis: { ...(min === undefined ? {} : { min }), showUnits: false, ...(label === undefined ? {} : { label }) },
  });
}

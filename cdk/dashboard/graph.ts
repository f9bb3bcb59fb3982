import { GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";

/** What the numbers of a graph are. */
export interface GraphAxis {
  readonly label?: string;
  /** Columns of the dashboard's 24. @default 8 */
  readonly width?: number;
}

/** A graph of lines that starts at zero. */
export function graph(title: string, left: readonly IMetric[], { label, width = 8 }: GraphAxis = {}): GraphWidget {
  return new GraphWidget({
    title,
    left: [...left],
    width,
    height: 6,
    leftYAxis: { min: 0, showUnits: false, ...(label === undefined ? {} : { label }) },
  });
}

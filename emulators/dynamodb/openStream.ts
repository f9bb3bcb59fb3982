import { AwsError } from "../AwsError.ts";
import type { StreamSpecification, Table } from "./table.ts";
import type { TableStream } from "./tableStream.ts";

/** A new stream on a table, and how DescribeTable tells of it. */
export function openStream(
  table: Table,
  specification: StreamSpecification,
): { stream: TableStream; description: Partial<Table> } {
  const { StreamViewType } = specification;
  if (StreamViewType === undefined) {
    const message = "One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true";
    throw new AwsError("ValidationException", message);
  }
  const now = Date.now();
  const label = labelOf(now);
  const arn = arnOf(table, label);
  return {
    stream: {
      arn,
      label,
      table: table.TableName,
      viewType: StreamViewType,
      created: now / 1000,
      keySchema: table.KeySchema,
      last: 0,
      trimmed: 0,
    },
    description: { StreamSpecification: specification, LatestStreamArn: arn, LatestStreamLabel: label },
  };
}

/** The service's labels are times to the millisecond, without the zone. */
function labelOf(time: number): string {
  return new Date(time).toISOString().slice(0, -1);
}

function arnOf(table: Table, label: string): string {
  return `${table.TableArn}/stream/${label}`;
}

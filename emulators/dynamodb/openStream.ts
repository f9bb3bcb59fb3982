import type { Engine } from "./engine.ts";
import { ServiceError } from "./ServiceError.ts";
import type { StreamSpecification, Table } from "./table.ts";
import type { TableStream } from "./tableStream.ts";

/** A new stream on a table, and how DescribeTable tells of it. */
export function openStream(
  engine: Engine,
  table: Table,
  specification: StreamSpecification,
): { stream: TableStream; description: Partial<Table> } {
  const { StreamViewType } = specification;
  if (StreamViewType === undefined) {
    const message = "One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true";
    throw new ServiceError("ValidationException", message);
  }
  const now = Date.now();
  let label = labelOf(now);
  // A stream that was ended and begun again within a millisecond, or while the clock stood, is another one.
  for (let later = now + 1; engine.streams.has(arnOf(table, label)); later += 1) label = labelOf(later);
  const arn = arnOf(table, label);
  return {
    stream: {
      arn,
      label,
      table: table.TableName,
      viewType: StreamViewType,
      enabled: true,
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

/** One element of a key schema; the first is the HASH key, the second, if any, the RANGE key. */
export interface KeyElement {
  AttributeName: string;
  KeyType: string;
}

/** A secondary index as DescribeTable shows it. */
export interface Index {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}

/** What a stream holds of each write. */
export interface StreamSpecification {
  StreamEnabled: boolean;
  StreamViewType?: string;
}

/** A table as DescribeTable shows it: only the fields that this folder reads or writes are named. */
export interface Table {
  TableName: string;
  TableArn: string;
  TableStatus: string;
  KeySchema: KeyElement[];
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: Index[];
  LocalSecondaryIndexes?: Index[];
  StreamSpecification?: StreamSpecification;
  LatestStreamArn?: string;
  LatestStreamLabel?: string;
}

import * as v from "valibot";

const keySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(["HASH", "RANGE"]) }));

/** What the runner reads of an `AWS::DynamoDB::Table`. Capacity, recovery and encryption mean nothing here. */
export const tableSpec = v.object({
  TableName: v.optional(v.string()),
  AttributeDefinitions: v.array(v.object({ AttributeName: v.string(), AttributeType: v.picklist(["S", "N", "B"]) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: v.optional(
    v.array(
      v.object({
        IndexName: v.string(),
        KeySchema: keySchema,
        Projection: v.object({ ProjectionType: v.picklist(["KEYS_ONLY", "ALL"]) }),
      }),
    ),
  ),
  StreamSpecification: v.optional(
    v.object({ StreamViewType: v.picklist(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]) }),
  ),
  TimeToLiveSpecification: v.optional(v.object({ AttributeName: v.string() })),
});

export type TableSpec = v.InferOutput<typeof tableSpec>;

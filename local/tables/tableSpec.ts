import * as z from "zod/mini";

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

/** What the runner reads of an `AWS::DynamoDB::Table`. Capacity, recovery and encryption mean nothing here. */
export const tableSpec = z.object({
  TableName: z.optional(z.string()),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.optional(
    z.array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({ ProjectionType: z.enum(["KEYS_ONLY", "ALL"]) }),
      }),
    ),
  ),
  StreamSpecification: z.optional(
    z.object({ StreamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]) }),
  ),
  TimeToLiveSpecification: z.optional(z.object({ AttributeName: z.string() })),
});

export type TableSpec = z.output<typeof tableSpec>;

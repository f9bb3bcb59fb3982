import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../services/Services.ts";

/** The pages of a partition, or of its rows whose sort keys start with a prefix, in their order, as they stand now. */
export function pagesOf({ client, name }: Table, pk: string, prefix?: string): ReturnType<typeof paginateQuery> {
  return paginateQuery(
    { client },
    {
      TableName: name,
      KeyConditionExpression: prefix ? "pk = :pk AND begins_with(sk, :prefix)" : "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk, ...(prefix && { ":prefix": prefix }) },
      ConsistentRead: true,
    },
  );
}

import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { BY_STATE, stateKeys } from "../runtime/byState.ts";
import type { Services } from "../runtime/Services.ts";
import { parse } from "../schema/parse.ts";
import { entrySchema, type StateEntry } from "./findInShard.ts";

/** What the sweep must visit first: the open session or unfinished hook with the earliest due time; undefined: nothing. */
export async function oldestDue({ table }: Pick<Services, "table">): Promise<StateEntry | undefined> {
  const shards = await Promise.all(
    stateKeys("DUE").map(async (shard) => {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: BY_STATE,
          KeyConditionExpression: "#state = :state",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":state": shard },
          Limit: 1,
        }),
      );
      return Items.map((item) => parse(entrySchema, item));
    }),
  );
  return shards.flat().sort((a, b) => a.at - b.at)[0];
}

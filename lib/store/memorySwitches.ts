import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import { memorySwitchSchema } from "../domain/memorySwitch.ts";
import type { Table } from "../services/Services.ts";
import { conversationItem, MEMORY_SWITCH_PREFIX } from "./keys.ts";
import { parseVersioned } from "./versions.ts";

/** The ids of the conversation's users whose memory switch is off now (a consistent read). */
export async function readMemoryOff(table: Table, conversation: string): Promise<string[]> {
  const off: string[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": conversationItem(conversation).pk, ":prefix": MEMORY_SWITCH_PREFIX },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const { user, memory } = parseVersioned(memorySwitchSchema, item);
      if (memory === "off") off.push(user);
    }
  }
  return off;
}

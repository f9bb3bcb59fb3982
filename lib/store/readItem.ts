import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Table } from "../services/Services.ts";
import type { ItemKey } from "./keys.ts";

/** An item as it stands now (a consistent read); undefined where there is none. */
export async function readItem({ client, name }: Table, Key: ItemKey): Promise<Record<string, unknown> | undefined> {
  return (await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }))).Item;
}

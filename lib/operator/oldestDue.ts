import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import type { Services } from "../services/Services.ts";
import { BY_STATE, stateKeys } from "../store/dueIndex.ts";
import { conversationItem, keyTail } from "../store/keys.ts";
import { entrySchema, type StateEntry } from "./findByState.ts";

/**
 * Entries of a part that are looked at. A session that goes on stays due in the index for half an hour at the most; so what
 * nobody has visited for longer is the first one.
 */
const LOOKED_AT = 3;

const conversationSchema = v.object({ session: v.string(), expiresAt: v.exactOptional(v.number()) });

/** What the sweep must visit first, by when it is due indeed: an open session or an unfinished hook; undefined: nothing. */
export async function oldestDue(services: Pick<Services, "table" | "clock">): Promise<StateEntry | undefined> {
  const parts = await Promise.all(stateKeys("DUE").map((state) => readPart(services, state)));
  return parts.flat().sort((a, b) => a.at - b.at)[0];
}

async function readPart({ table, clock }: Pick<Services, "table" | "clock">, state: string): Promise<StateEntry[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: BY_STATE,
      KeyConditionExpression: "#state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": state },
      Limit: LOOKED_AT,
    }),
  );
  const entries = Items.map((item) => parse(entrySchema, item));
  return Promise.all(
    entries.map(async (entry) => {
      if (entry.at > clock.now() || !entry.sk.startsWith("SESSION#")) return entry;
      const Key = conversationItem(keyTail(entry.pk));
      const live = v.safeParse(
        conversationSchema,
        (await table.client.send(new GetCommand({ TableName: table.name, Key }))).Item,
      );
      const goesOn = live.success && live.output.session === keyTail(entry.sk);
      return goesOn ? { ...entry, at: Math.max(entry.at, (live.output.expiresAt ?? 0) * 1000) } : entry;
    }),
  );
}

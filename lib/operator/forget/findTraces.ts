import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { keyPart } from "../../domain/ids.ts";
import type { Table } from "../../services/Services.ts";
import { type ItemKey, keyTail } from "../../store/keys.ts";

/** Parts of the table that are read at once. */
const SEGMENTS = 4;

/** Who is to be forgotten. */
export interface Somebody {
  readonly tenant: string;
  /** The platform's name in the config. */
  readonly platform: string;
  /** The platform's id of the user. */
  readonly user: string;
}

/** What the table has of a user. */
export interface Traces {
  /** The sort keys of the user's turns, by session. */
  readonly sessions: ReadonlyMap<string, { readonly conversation: string; readonly turns: readonly string[] }>;
  /** The scopes in which the gateway's own memory has something. */
  readonly scopes: ReadonlySet<string>;
}

const rowSchema = v.object({ pk: v.string(), sk: v.string(), conversation: v.exactOptional(v.string()) });

/**
 * Finds everything that the table has of a user, by reading all of it once: no index leads from a user to what they wrote,
 * as it would be written with each message and is needed for this alone.
 */
export async function findTraces(table: Table, { tenant, platform, user }: Somebody): Promise<Traces> {
  const place = [tenant, platform].map(keyPart).join("/");
  const sessions = new Map<string, { conversation: string; turns: string[] }>();
  const scopes = new Set<string>();
  const take = ({ pk, sk, conversation = "" }: ItemKey & { readonly conversation?: string }) => {
    if (pk.startsWith("MEMORY#")) {
      if (pk.endsWith(`/${keyPart(user)}`)) scopes.add(keyTail(pk));
    } else if (conversation.startsWith(`${place}/`)) {
      const found = sessions.get(keyTail(pk)) ?? { conversation, turns: [] };
      found.turns.push(sk);
      sessions.set(keyTail(pk), found);
    }
  };
  await Promise.all(
    Array.from({ length: SEGMENTS }, async (_, Segment) => {
      let start: Record<string, unknown> | undefined;
      do {
        const page = await table.client.send(
          new ScanCommand({
            ...{ TableName: table.name, Segment, TotalSegments: SEGMENTS, ConsistentRead: true },
            FilterExpression: "(begins_with(sk, :turn) AND #user.#id = :user) OR begins_with(pk, :memory)",
            ProjectionExpression: "pk, sk, conversation",
            ExpressionAttributeNames: { "#user": "user", "#id": "id" },
            ExpressionAttributeValues: { ":turn": "TURN#", ":user": user, ":memory": `MEMORY#${place}/` },
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        );
        for (const item of page.Items ?? []) take(v.parse(rowSchema, item));
        start = page.LastEvaluatedKey;
      } while (start);
    }),
  );
  return { sessions, scopes };
}

import * as v from "valibot";
import { isConditionFailed } from "../runtime/isConditionFailed.ts";
import { conversationItem } from "../runtime/keys.ts";
import type { Table } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import { VERSION } from "../runtime/version.ts";
import { type Conversation, conversationSchema } from "./Conversation.ts";

const refusedBySchema = v.object({
  Item: v.object({ lease: v.object({ M: v.object({ id: v.object({ S: v.string() }) }) }) }),
});

/**
 * Writes the conversation if it is still as it was read; answers whether it was. Each attribute that this code knows is
 * set or removed by name, so that those which a later version has added outlive this one's messages.
 *
 * @throws NewerVersion
 */
export async function writeConversation(
  table: Table,
  conversation: string,
  read: Conversation | undefined,
  next: Conversation,
): Promise<boolean> {
  const written: Readonly<Record<string, unknown>> = { v: VERSION, ...next };
  const names = Object.keys({ ...conversationSchema.entries, ...written });
  const present = names.filter((name) => name in written);
  const absent = names.filter((name) => !(name in written));
  const set = present.map((name) => `#${name} = :${name}`).join(", ");
  const remove = absent.length > 0 ? ` REMOVE ${absent.map((name) => `#${name}`).join(", ")}` : "";
  try {
    await updateItem(table, {
      Key: conversationItem(conversation),
      UpdateExpression: `SET ${set}${remove}`,
      ConditionExpression: read ? "#session = :wasSession AND #lease.id = :wasLease" : "attribute_not_exists(pk)",
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(present.map((name) => [`:${name}`, written[name]])),
        ...(read ? { ":wasSession": read.session, ":wasLease": read.lease.id } : {}),
      },
    });
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    // The SDK repeats a write whose answer was lost; then it is our own write that stands in the way.
    const there = v.safeParse(refusedBySchema, error);
    return there.success && there.output.Item.lease.M.id.S === next.lease.id;
  }
}

import type { Conversation } from "../domain/Conversation.ts";
import { memorySwitchSchema } from "../domain/memorySwitch.ts";
import type { Services } from "../services/Services.ts";
import { writeConversation } from "../store/conversations.ts";
import { memorySwitchItem } from "../store/keys.ts";
import { readItem } from "../store/readItem.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";
import { parseVersioned, VERSION } from "../store/versions.ts";
import { LeaseOver } from "./errors.ts";

/**
 * Sets a user's memory switch: in their row, which later sessions begin with, and in the live conversation, by which the
 * turns of this one are marked. For the holder of the turn lease. Safe to repeat; a crash in between is mended by the
 * message's next attempt.
 *
 * @param claimed the conversation as the claim left it
 * @throws LeaseOver when somebody else holds the lease now
 */
export async function switchMemory(
  services: Pick<Services, "table" | "newId">,
  conversation: string,
  claimed: Conversation,
  user: string,
  memory: "on" | "off",
): Promise<void> {
  const { table, newId } = services;
  const key = memorySwitchItem(conversation, user);
  const item = await readItem(table, key);
  const read = item && parseVersioned(memorySwitchSchema, item);
  const version = newId();
  // An earlier attempt's write may still be on its way; it must not undo a later command.
  const isWritten = updateItem(table, {
    Key: key,
    UpdateExpression: "SET #user = :user, memory = :memory, version = :version, v = :v",
    ConditionExpression: read
      ? "version = :read OR version = :version"
      : "attribute_not_exists(pk) OR version = :version",
    ExpressionAttributeNames: { "#user": "user" },
    ExpressionAttributeValues: {
      ":user": user,
      ":memory": memory,
      ":version": version,
      ":v": VERSION,
      ...(read ? { ":read": read.version } : {}),
    },
  });
  if (!(await conditionHeld(isWritten))) throw new LeaseOver(claimed.lease.turn);
  const { memoryOff = [], ...kept } = claimed;
  const others = memoryOff.filter((id) => id !== user);
  const off = memory === "off" ? [...others, user] : others;
  const next: Conversation = {
    ...kept,
    ...(off.length > 0 ? { memoryOff: off } : {}),
    lease: { ...claimed.lease, id: newId() },
  };
  if (!(await writeConversation(table, conversation, claimed, next))) {
    throw new LeaseOver(claimed.lease.turn);
  }
}

import * as v from "valibot";

/**
 * A user's memory switch in a conversation, written by the `/memory` command alone. It has no TTL, and no retention
 * deletes it: no end of a session turns remembering on again.
 */
export const memorySwitchSchema = v.object({
  user: v.string(),
  memory: v.picklist(["on", "off"]),
  /** Another one with each write, so that a write that comes late is refused. */
  version: v.string(),
});

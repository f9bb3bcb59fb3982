import * as v from "valibot";

/** A `Chat`, as jobs and rows hold it. */
export const chatSchema = v.object({
  id: v.string(),
  type: v.picklist(["dm", "group", "thread"]),
  thread: v.exactOptional(v.string()),
});

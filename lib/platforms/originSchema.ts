import * as v from "valibot";

/** Whether a person wrote something. */
export const originSchema = v.picklist(["chat", "scheduled"]);

import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import { isObject } from "../schema/isObject.ts";
import { parse } from "../schema/parse.ts";
import { type Hook, hookSchema } from "./Hook.ts";

const refusedSchema = v.object({ Item: v.optional(v.custom<Parameters<typeof unmarshall>[0]>(isObject)) });

/** The hook as it stands, from the error of a write that its condition refused; undefined when there is none. */
export function refusedHook(error: unknown): Hook | undefined {
  const item = parse(refusedSchema, error).Item;
  return item && parseVersioned(hookSchema, unmarshall(item));
}

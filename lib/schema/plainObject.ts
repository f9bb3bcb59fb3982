import * as v from "valibot";
import { isObject } from "./isObject.ts";

/** Names that valibot's objects leave out without a word. */
const RESERVED = ["__proto__", "constructor", "prototype"];

/** An object with fields, before they are looked at: no list, and with none of the names that would be lost. */
export function plainObject<Input extends object>(shows: string) {
  return v.pipe(
    v.custom<Input>(isObject, shows),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const given: object = dataset.value;
      const input: Record<string, unknown> = { ...given };
      for (const key of RESERVED.filter((name) => Object.hasOwn(input, name))) {
        addIssue({
          message: shows,
          expected: "never",
          path: [{ type: "object", origin: "key", input, key, value: input[key] }],
        });
      }
    }),
  );
}

import { invalid } from "./invalid.ts";

/** An item's primary key. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A request's key, which has nothing but the key's attributes. */
export function keyOf(given: Record<string, unknown> | undefined): Key {
  if (Object.keys(given ?? {}).length > 2) throw invalid("The provided key element does not match the schema");
  return keysOf(given);
}

/** The key among an item's attributes. */
export function keysOf(given: Record<string, unknown> | undefined): Key {
  const { pk, sk } = given ?? {};
  if (typeof pk !== "string" || typeof sk !== "string" || pk === "" || sk === "") {
    throw invalid("One or more parameter values were invalid: pk and sk are texts");
  }
  if (Buffer.byteLength(pk) > 2048 || Buffer.byteLength(sk) > 1024) {
    throw invalid("One or more parameter values were invalid: Size of a key is too long");
  }
  return { pk, sk };
}

import { deflateRawSync, inflateRawSync } from "node:zlib";
import * as v from "valibot";
import { sha256 } from "../../domain/ids.ts";
import { VesperError } from "../../domain/VesperError.ts";

/** More than any cursor holds, bytes. */
const MOST = 65_536;

/** What a cursor says was no cursor of this list. */
export class CursorError extends VesperError {
  override readonly name = "CursorError";
  readonly retry = false;
  constructor(options?: ErrorOptions) {
    super("the cursor is not one of this list with this filter: leave it out to begin anew", options);
  }
}

/** A list's position as an opaque text. `list` says which list, with its filter and order: it is bound to that. */
export function toCursor(list: unknown, position: unknown): string {
  return deflateRawSync(JSON.stringify([tagOf(list), position])).toString("base64url");
}

/** The position in a text that `toCursor` made for the same list. @throws CursorError */
export function fromCursor<Schema extends v.GenericSchema>(
  list: unknown,
  schema: Schema,
  cursor: string,
): v.InferOutput<Schema> {
  let given: unknown;
  try {
    given = JSON.parse(inflateRawSync(Buffer.from(cursor, "base64url"), { maxOutputLength: MOST }).toString("utf8"));
  } catch (cause) {
    throw new CursorError({ cause });
  }
  const parsed = v.safeParse(v.tuple([v.literal(tagOf(list)), schema]), given);
  if (!parsed.success) throw new CursorError();
  return parsed.output[1];
}

function tagOf(list: unknown): string {
  return sha256(JSON.stringify(list)).toString("base64url").slice(0, 8);
}

import { sha256 } from "../domain/ids.ts";

/** Hexadecimal digits of a hash that keep two ids apart: 64 bits. */
const HASH = 16;

/**
 * An id that every service takes: letters, digits, "_" and "-", a letter or a digit first, of which a part may still be
 * read. Two different texts have different ids, also where they differ only in what is not allowed.
 *
 * @param readable what may be read of it in the service's own console
 * @param identity all that the id stands for, such as a scope
 * @param most characters that the service takes, 32 or more
 */
export function safeId(readable: string, identity: string, most = 64): string {
  const head = readable
    .normalize("NFKC")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[_-]+|-+$/g, "")
    .slice(0, most - HASH - 1);
  return `${head || "x"}-${sha256(identity).toString("hex").slice(0, HASH)}`;
}

import type { IncomingMessage } from "node:http";
import { ConsoleError } from "./ConsoleError.ts";

/** More than any call of the page has, bytes. */
const MAX_BODY_BYTES = 256 * 1024;

/** The JSON of a call's body, not looked into; undefined when it is empty. @throws ConsoleError 400, 413 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ConsoleError(413, `a call may have ${MAX_BODY_BYTES} bytes at most`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new ConsoleError(400, "the call's body is not JSON", { cause });
  }
}

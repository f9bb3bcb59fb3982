import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";

/** More than any documented response of a platform or provider; a hostile one can't fill the memory. */
const MAX_BODY_BYTES = 1024 * 1024;

/** A response's body as text, unpacked, cut after 1 MiB. Throws when it ends before it is whole. */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BODY_BYTES) break;
    }
  };
  const packed = /^(x-)?gzip$|^deflate$/i.test(response.headers["content-encoding"]?.trim() ?? "");
  if (!packed) await collect(response);
  else {
    await pipeline(response, createUnzip(), collect).catch((error: unknown) => {
      // That no more was taken, the pipeline takes for a failure.
      if (size <= MAX_BODY_BYTES) throw error;
    });
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8");
}

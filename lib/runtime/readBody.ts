import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createUnzip } from "node:zlib";
import type { LineStream } from "../adapter/http/HttpClient.ts";

/** More than any documented response of a platform or provider; a hostile one can't fill the memory. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Of a stream: each word of an answer comes in a line of its own with what names it. No more than a line is kept. */
const MAX_STREAM_BYTES = 32 * MAX_BODY_BYTES;

/** A response's body as text, unpacked, cut after 1 MiB. Throws when it ends before it is whole. */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  await read(response, MAX_BODY_BYTES, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8");
}

/**
 * Tells a body's lines as they come, unpacked; what comes after 32 MiB, or behind a line of more than 1 MiB, is cut. Throws
 * when it ends before it is whole.
 */
export async function readLines(response: IncomingMessage, { onLine }: LineStream): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const isWhole = await read(response, MAX_STREAM_BYTES, (chunk) => {
    const lines = `${rest}${decoder.write(chunk)}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    return rest.length <= MAX_BODY_BYTES;
  });
  rest += decoder.end();
  if (isWhole && rest !== "") onLine(rest);
}

/** Takes the body's pieces until there are none, too many, or `take` answers false. Answers whether that was all of it. */
async function read(response: IncomingMessage, most: number, take: (chunk: Buffer) => unknown): Promise<boolean> {
  let size = 0;
  let isCut = false;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length;
      isCut = take(chunk) === false || size > most;
      if (isCut) break;
    }
  };
  const packed = /^(x-)?gzip$|^deflate$/i.test(response.headers["content-encoding"]?.trim() ?? "");
  if (!packed) await collect(response);
  else {
    await pipeline(response, createUnzip(), collect).catch((error: unknown) => {
      // That no more was taken, the pipeline takes for a failure.
      if (!isCut) throw error;
    });
  }
  return !isCut;
}

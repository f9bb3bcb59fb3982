import { crc32 } from "node:zlib";

/**
 * An event of an AWS event stream as it stands on the wire: https://smithy.io/2.0/aws/amazon-eventstream.html
 *
 * @param kind `event`, or `exception` for an error in the stream
 */
export function eventOf(kind: "event" | "exception", name: string, body: object): Buffer {
  const headers = Buffer.concat([
    header(`:${kind}-type`, name),
    header(":content-type", "application/json"),
    header(":message-type", kind),
  ]);
  const payload = Buffer.from(JSON.stringify(body));
  const lengths = Buffer.concat([number(headers.length + payload.length + 16), number(headers.length)]);
  const message = Buffer.concat([lengths, number(crc32(lengths)), headers, payload]);
  return Buffer.concat([message, number(crc32(message))]);
}

/** A header of type 7, a text. */
function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), length, Buffer.from(value)]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

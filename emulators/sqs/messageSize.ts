import type { MessageInput } from "./checkMessage.ts";

/** The bytes of a message that count for limits: its body and its attributes with names and types. */
export function messageSize(input: MessageInput): number {
  let bytes = Buffer.byteLength(input.MessageBody);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(input.MessageAttributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? "");
    bytes += Buffer.byteLength(BinaryValue ?? "", "base64");
  }
  return bytes;
}

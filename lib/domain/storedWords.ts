import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** What a write unit holds, bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const WRITE_UNIT = 1_024;

/**
 * The most that a row with words may have before they are packed, bytes: a row holds 400 KB, and an edit or a failed reply
 * writes words plain. So packed words never come to more.
 */
const MAX_ROW = 400 * 1_024;

/** Prose of 3 KB is more than halved, in 0.4 ms; a higher quality saves little more and takes many times as long. */
const QUALITY = 5;

/** Words of a turn, of which a row has each plain or packed. */
interface Words<Text> {
  readonly text?: Text;
  readonly reply?: Text;
}

/**
 * The row of a turn with its words packed by Brotli where that saves a write unit, which its deletion and every update of
 * it would cost again; otherwise the row itself.
 */
export function packWords<Row extends Words<string>>(
  row: Row,
): Row | (Omit<Row, keyof Words<string>> & Words<string | Uint8Array>) {
  const { text, reply, ...rest } = row;
  const plain = sizeOf(row);
  if (plain <= WRITE_UNIT || plain > MAX_ROW) return row;
  const packed = {
    ...rest,
    ...(text === undefined ? {} : { text: pack(text) }),
    ...(reply === undefined ? {} : { reply: pack(reply) }),
  };
  return unitsOf(sizeOf(packed)) < unitsOf(plain) ? packed : row;
}

/**
 * A row, or what may be one, with its packed words as they were written. Bytes that `packWords` never made stay as they
 * are: the schema that expects words there refuses them.
 */
export function unpackWords<Row>(row: Row): Row {
  let plain = row;
  for (const [name, value] of Object.entries(row ?? {})) {
    if (!(value instanceof Uint8Array)) continue;
    try {
      plain = { ...plain, [name]: brotliDecompressSync(value, { maxOutputLength: MAX_ROW }).toString() };
    } catch {
      // Refused by the schema, as is said above.
    }
  }
  return plain;
}

function pack(words: string): string | Uint8Array {
  const packed = brotliCompressSync(words, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
  return packed.length < Buffer.byteLength(words) ? packed : words;
}

/** Bytes of a row. What is not packed is measured as JSON, a little longer than DynamoDB counts it. */
function sizeOf({ text = "", reply = "", ...rest }: Words<string | Uint8Array>): number {
  return Buffer.byteLength(JSON.stringify(rest)) + Buffer.byteLength(text) + Buffer.byteLength(reply);
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / WRITE_UNIT);
}

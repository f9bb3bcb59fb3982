import { randomBytes } from "node:crypto";

/** What the clients of the emulators sign with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Bytes of each half: nobody guesses 160 bits. */
const KEY_BYTES = 20;

/** A new random key. Its id has letters and digits alone, which is all that DynamoDB Local takes. */
export function newAccessKey(): AccessKey {
  const id = randomBytes(KEY_BYTES).toString("hex").toUpperCase();
  return { accessKeyId: `LOCAL${id}`, secretAccessKey: randomBytes(KEY_BYTES).toString("base64") };
}

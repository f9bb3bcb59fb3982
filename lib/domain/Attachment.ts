import * as v from "valibot";

/** The most attachments of a message; Telegram's albums have ten. */
export const MOST_ATTACHMENTS = 10;

/** What comes with a message and is not text. `other`: of a kind that has no name here. */
export interface Attachment {
  readonly kind: v.InferOutput<typeof attachmentSchema>["kind"];
  /** Of a file its name, of a contact whose it is, of a location where it is. */
  readonly name?: string;
  /** Bytes. */
  readonly size?: number;
  /** Such as `image/jpeg`. */
  readonly mime?: string;
  /** Seconds. */
  readonly duration?: number;
  /** By which whoever has the platform's credentials may fetch it, for as long as the platform keeps it. */
  readonly handle?: string;
}

/** An `Attachment`, as jobs and rows hold it. */
export const attachmentSchema = v.object({
  kind: v.picklist(["image", "voice", "audio", "video", "file", "sticker", "location", "contact", "other"]),
  name: v.exactOptional(v.string()),
  size: v.exactOptional(v.number()),
  mime: v.exactOptional(v.string()),
  duration: v.exactOptional(v.number()),
  handle: v.exactOptional(v.string()),
});

const NAMES: Partial<Readonly<Record<Attachment["kind"], string>>> = {
  voice: "voice message",
  other: "something that is no text",
};

/**
 * An attachment in words, such as `(image "cat.jpg", 120 KB)`. Without white space in its name, so that nobody can take a
 * name for a sentence.
 */
export function describeAttachment({ kind, name, size, duration }: Attachment): string {
  const facts = [
    `${NAMES[kind] ?? kind}${name === undefined ? "" : ` "${name.replace(/[\s"]+/g, "_")}"`}`,
    ...(duration === undefined ? [] : [`${duration} s`]),
    ...(size === undefined ? [] : [`${Math.ceil(size / 1000)} KB`]),
  ];
  return `(${facts.join(", ")})`;
}

import { cleanText } from "../../adapter/text/truncate.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { TelegramFile, TelegramMessage } from "./schema.ts";

/** Where a Message holds a file, and what that is. An animation stands there as a document, too. */
const FILES = [
  ["voice", "voice"],
  ["audio", "audio"],
  ["video", "video"],
  ["video_note", "video"],
  ["animation", "video"],
  ["document", "file"],
  ["sticker", "sticker"],
] as const;

/** What a person sends that is neither words nor a file. What else has no words is news of the chat's own. */
const OTHERS = ["dice", "poll", "game", "story", "paid_media", "checklist"];

/** What came with a message beside its words. Pure. */
export function attachmentsOf(message: TelegramMessage): readonly Attachment[] {
  const { photo, location, venue, contact } = message;
  // The last size is the largest.
  const picture = photo?.at(-1);
  if (picture) return [fileOf("image", picture)];
  for (const [name, kind] of FILES) {
    const file = message[name];
    if (file) return [fileOf(kind, file)];
  }
  if (location) {
    const where = `${location.latitude}, ${location.longitude}`;
    return [{ kind: "location", name: venue ? cleanText(`${venue.title}, ${where}`) : where }];
  }
  if (contact) {
    const { first_name, last_name, phone_number } = contact;
    return [{ kind: "contact", name: cleanText([first_name, last_name, phone_number].filter(Boolean).join(" ")) }];
  }
  return OTHERS.some((name) => Reflect.get(message, name) !== undefined) ? [{ kind: "other" }] : [];
}

function fileOf(kind: Attachment["kind"], file: TelegramFile): Attachment {
  const { file_id: handle, file_name, file_size: size, mime_type: mime, duration, emoji } = file;
  const name = file_name ?? emoji;
  return {
    kind,
    ...(name === undefined ? {} : { name: cleanText(name) }),
    ...(size === undefined ? {} : { size }),
    ...(mime === undefined ? {} : { mime }),
    ...(duration === undefined ? {} : { duration }),
    ...(handle === undefined ? {} : { handle }),
  };
}

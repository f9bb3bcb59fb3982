import { cleanText } from "../../adapter/text/truncate.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { WhatsAppContent, WhatsAppMedia } from "./schema.ts";

/** A message's words, and what came beside them. */
export interface Content {
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** What holds a file, and what that is. */
const FILES = [
  ["image", "image"],
  ["video", "video"],
  ["audio", "audio"],
  ["document", "file"],
  ["sticker", "sticker"],
] as const;

/** What is no message of a person's, or nothing that they say: not even that something came is told of it. */
const IGNORED = ["reaction", "revoke", "request_welcome", "system", "edit"];

/**
 * What somebody says with a message. Undefined for what says nothing, such as a reaction. A type that is not known, also
 * to Meta (`unsupported`), is an attachment of no known kind, so that its user is told. Pure.
 */
export function contentOf(message: WhatsAppContent): Content | undefined {
  const { type, text, interactive, button, location, contacts = [], order } = message;
  if (IGNORED.includes(type)) return undefined;
  if (text) return said(text.body);
  if (button) return said(button.text);
  if (interactive) {
    const { button_reply, list_reply, nfm_reply } = interactive;
    const choice = button_reply ?? list_reply;
    if (choice) return said([choice.title, choice.description].filter(Boolean).join("\n"));
    if (nfm_reply) return said(nfm_reply.response_json);
    if (interactive.type === "call_permission_reply") return undefined;
  }
  for (const [name, kind] of FILES) {
    const file = message[name];
    if (file) return said(file.caption, [fileOf(kind, file)]);
  }
  if (location) {
    const { name, address, latitude, longitude } = location;
    const where = [name, address, `${latitude}, ${longitude}`].filter(Boolean).join(", ");
    return said("", [{ kind: "location", name: cleanText(where) }]);
  }
  if (contacts.length > 0) return said("", contacts.map(cardOf));
  return said(order?.text, [{ kind: "other" }]);
}

function said(text = "", attachments: readonly Attachment[] = []): Content {
  return { text: cleanText(text), attachments };
}

/** WhatsApp does not tell how large a file is. */
function fileOf(kind: Attachment["kind"], { id, mime_type: mime, filename, voice }: WhatsAppMedia): Attachment {
  return {
    kind: voice ? "voice" : kind,
    ...(filename === undefined ? {} : { name: cleanText(filename) }),
    ...(mime === undefined ? {} : { mime: cleanText(mime) }),
    ...(id === undefined ? {} : { handle: id }),
  };
}

function cardOf({ name, phones = [] }: NonNullable<WhatsAppContent["contacts"]>[number]): Attachment {
  const words = [name.formatted_name, ...phones.map(({ phone }) => phone)].filter(Boolean).join(" ");
  return { kind: "contact", ...(words === "" ? {} : { name: cleanText(words) }) };
}

import { cleanText } from "../../adapter/text/truncate.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { DiscordAttachment } from "./schema.ts";

/** An attachment with what Discord tells of it. Its handle is an address, which Discord keeps for about a day. Pure. */
export function attachmentOf(file: DiscordAttachment): Attachment {
  const { filename, size, url, content_type: mime, duration_secs: duration } = file;
  return {
    kind: kindOf(file),
    ...(filename ? { name: cleanText(filename) } : {}),
    ...(typeof size === "number" ? { size } : {}),
    ...(mime ? { mime: cleanText(mime) } : {}),
    ...(typeof duration === "number" ? { duration } : {}),
    ...(url ? { handle: cleanText(url) } : {}),
  };
}

function kindOf({ content_type: mime, waveform }: DiscordAttachment): Attachment["kind"] {
  if (waveform) return "voice";
  const [kind] = mime?.split("/") ?? [];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
}

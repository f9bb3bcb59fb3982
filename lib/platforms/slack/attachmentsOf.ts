import { cleanText } from "../../adapter/text/truncate.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { SlackFile } from "./schema.ts";

/** Of a file that was deleted or may not be shown only this stands in a message. */
const GONE = ["tombstone", "hidden_by_limit"];

/** What came with a message beside its words. An agent fetches a file by its id: `files.info`, then `url_private`. Pure. */
export function attachmentsOf(files: readonly SlackFile[]): readonly Attachment[] {
  return files
    .filter(({ mode }) => !GONE.includes(mode ?? ""))
    .map((file) => {
      const { id: handle, name, size, mimetype: mime, duration_ms: duration } = file;
      return {
        kind: kindOf(file),
        ...(name ? { name: cleanText(name) } : {}),
        ...(size == null ? {} : { size }),
        ...(mime ? { mime } : {}),
        ...(duration == null ? {} : { duration: Math.round(duration / 1000) }),
        handle,
      };
    });
}

function kindOf({ subtype, mimetype }: SlackFile): Attachment["kind"] {
  if (subtype === "slack_audio") return "voice";
  const [type] = (mimetype ?? "").split("/");
  return type === "image" || type === "audio" || type === "video" ? type : "file";
}

import * as v from "valibot";
import type { Received } from "../../adapter/Platform.ts";
import { fields } from "../../adapter/schema/strictFields.ts";
import { parseCommand } from "../../adapter/text/parseCommand.ts";
import { type Attachment, MOST_ATTACHMENTS } from "../../domain/Attachment.ts";

const SID = "Twilio's id of a message";
const NUMBER = "a number such as +14155550100, a short code or a name";

/** An incoming message: https://www.twilio.com/docs/messaging/guides/webhook-request */
export const formSchema = fields(
  {
    MessageSid: v.pipe(v.string(SID), v.regex(/^[A-Z]{2}[\da-f]{32}$/, SID)),
    From: v.pipe(v.string(NUMBER), v.regex(/^[+\w .-]{1,64}$/, NUMBER)),
    To: v.pipe(v.string(NUMBER), v.regex(/^[+\w .-]{1,64}$/, NUMBER)),
    Body: v.optional(v.string("a text"), ""),
    NumMedia: v.optional(v.pipe(v.string("a number"), v.regex(/^\d{1,3}$/, "a number"), v.transform(Number)), "0"),
    OptOutType: v.optional(v.string("a text")),
  },
  "a form with MessageSid, From and To",
);

type Form = v.InferOutput<typeof formSchema>;

/**
 * The words with which somebody takes leave; Twilio lets no message out to them from then on.
 * https://help.twilio.com/articles/223134027
 */
const STOP = /^(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i;

/**
 * What a call brings. Messages to another number are ignored, and so are the words that Twilio answers itself.
 *
 * @param parameters the form's, for the media, which are numbered
 */
export function normalise(form: Form, parameters: URLSearchParams, number: string): Received {
  const chat = { id: form.From, type: "dm" } as const;
  if (form.To !== number) return { messages: [] };
  if (form.OptOutType === "STOP" || STOP.test(form.Body.trim())) return { messages: [], chats: [{ chat }] };
  const attachments = attachmentsOf(form.NumMedia, parameters);
  if (form.OptOutType !== undefined || (form.Body.trim() === "" && attachments.length === 0)) return { messages: [] };
  return {
    messages: [
      {
        ...{ messageId: form.MessageSid, chat, user: { id: form.From }, role: "user", origin: "chat" },
        ...parseCommand(form.Body),
        ...(attachments.length > 0 ? { attachments } : {}),
        replyTo: { to: form.From },
      },
    ],
  };
}

const KINDS = ["image", "audio", "video"] as const;

function attachmentsOf(count: number, parameters: URLSearchParams): readonly Attachment[] {
  return Array.from({ length: Math.min(count, MOST_ATTACHMENTS) }, (_, index) => {
    const mime = parameters.get(`MediaContentType${index}`) ?? "";
    const handle = parameters.get(`MediaUrl${index}`) ?? "";
    const kind = KINDS.find((one) => mime.startsWith(`${one}/`)) ?? "file";
    return { kind, ...(mime === "" ? {} : { mime }), ...(handle === "" ? {} : { handle }) };
  });
}

import * as v from "valibot";
import type { AdapterServices } from "../../adapter/AdapterServices.ts";
import type { Sending } from "../../adapter/definePlatform.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import { asAuthFailure } from "../../adapter/readSecret.ts";
import { splitText } from "../../adapter/text/splitText.ts";
import type { Json } from "../../domain/json.ts";
import { accountOf, type WhatsAppOptions } from "./account.ts";
import { callGraph } from "./callGraph.ts";
import { markOf } from "./delivery.ts";
import { type ReplyTo, replyToSchema } from "./schema.ts";
import { toWhatsApp } from "./toWhatsApp.ts";

/** The most of one message, characters; UTF-16 units are never fewer. */
const MAX_TEXT_LENGTH = 4096;

const sentSchema = v.object({ messages: v.tupleWithRest([v.object({ id: v.string() })], v.unknown()) });
const readSchema = v.object({ success: v.literal(true) });

/** Sends replies by the Graph API. */
export function sending(options: WhatsAppOptions, services: AdapterServices): Sending {
  const { apiBase, version, phoneNumberId, readToken } = accountOf(options, services);

  const post = async <Schema extends v.GenericSchema>(schema: Schema, body: Readonly<Record<string, unknown>>) => {
    const token = await readToken().catch((cause: unknown) => {
      throw asAuthFailure(cause);
    });
    const call = { apiBase, version, method: "POST", path: `${phoneNumberId}/messages`, token } as const;
    return callGraph(schema, { ...call, body: { messaging_product: "whatsapp", ...body } }, services);
  };

  return {
    render: (text) => splitText(text, MAX_TEXT_LENGTH),

    async send(chunk) {
      const { to, user } = targetOf(chunk.replyTo);
      const mark = markOf(chunk);
      const { messages } = await post(sentSchema, {
        recipient_type: "individual",
        ...(to === undefined ? { recipient: user } : { to }),
        type: "text",
        text: { body: bodyOf(chunk.text) },
        ...(mark === undefined ? {} : { biz_opaque_callback_data: mark }),
      });
      return messages[0].id;
    },

    async showTyping(replyTo) {
      const { message } = targetOf(replyTo);
      if (message === undefined) return;
      await post(readSchema, { status: "read", message_id: message, typing_indicator: { type: "text" } });
    },
  };
}

function targetOf(replyTo: Json): ReplyTo {
  const target = v.safeParse(replyToSchema, replyTo);
  if (target.success && (target.output.to ?? target.output.user) !== undefined) return target.output;
  throw new DeliveryError("invalid", "replyTo is not one that the whatsapp platform made", { outcome: "not-sent" });
}

/** In WhatsApp's marks, unless it would be too long by them, or nothing were left. */
function bodyOf(markdown: string): string {
  const text = toWhatsApp(markdown);
  return text.trim() === "" || text.length > MAX_TEXT_LENGTH ? markdown : text;
}

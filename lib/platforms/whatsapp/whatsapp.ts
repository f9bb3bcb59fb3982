import { definePlatform } from "../../adapter/definePlatform.ts";
import { optionsSchema } from "./account.ts";
import { operating } from "./operating.ts";
import { receiving } from "./receiving.ts";
import { sending } from "./sending.ts";

/**
 * The WhatsApp Cloud API. `phoneNumberId`, `accountId` (of the WhatsApp Business account) and `appId` are Meta's ids;
 * `token` is a system user's. `verifyToken` is what Meta shows once when the address is set; left out, it is made of the
 * app secret, and `vesper webhooks set` tells it to Meta. `version` is the Graph API's, `apiBase` is for a proxy.
 */
export const whatsapp = definePlatform(
  "whatsapp",
  optionsSchema,
  {
    receiving: process.env.VESPER_WITHOUT_RECEIVING ? undefined : receiving,
    sending: process.env.VESPER_WITHOUT_SENDING ? undefined : sending,
    operating: process.env.VESPER_WITHOUT_OPERATING ? undefined : operating,
  },
  { isPublic: true },
);

import { Webhook } from "standardwebhooks";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";

/** The headers of a call to the http platform that is signed rightly. @param at milliseconds since the epoch */
export function signed(body: string, id = "msg_1", at = Date.now()) {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(TEST_SECRET).sign(id, new Date(at), body),
  };
}

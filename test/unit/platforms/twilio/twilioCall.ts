import { ACCOUNT } from "../../../../emulators/platforms/twilio/startTwilioFake.ts";
import { type MessageForm, webhookCall } from "../../../../emulators/platforms/twilio/webhookCall.ts";

export const ADDRESS = "https://gateway.example.com/webhooks/twilio";

/** Twilio's call with these parameters, or this body, to the test's account. */
export function twilioCall(form: MessageForm | string, url = ADDRESS) {
  return webhookCall(form, ACCOUNT.authToken, url);
}

/** The parameters of a message to the account's number. */
export function formOf(changes: MessageForm = {}): MessageForm {
  return {
    ...{ ToCountry: "US", MessageSid: sidOf(1), NumMedia: "0", ToCity: "", From: "+14155550199", To: ACCOUNT.number },
    ...{ Body: "Hello", AccountSid: ACCOUNT.accountSid, NumSegments: "1", ApiVersion: "2010-04-01" },
    ...changes,
  };
}

export const sidOf = (number: number) => `SM${String(number).padStart(32, "0")}`;
